-- For "synfin prove-rules": a window that has grown, ten seconds of silence, and then as much again.

scenario {
  title = { en = "A burst after silence", zh = "静默之后的突发" },
  source = { "RFC 5681 4.1" },
  needs = "window-restarts-after-idle",
  measure = "octets",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 8000, options = { "window-scale" }, initial_window = 2 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 8000, options = { "window-scale" }, receive_buffer = 1024 * KiB }
link(client, server) { delay = 50 * ms, rate = 8 * mbit, queue = 70 * KiB }

client:runs { connect(server, 80), send(fill(160000)), sleep(10 * s), send(fill(160000)), close(), recv_eof() }
server:serves(80) { recv(320000), recv_eof(), close() }

finally "everything-closed"
