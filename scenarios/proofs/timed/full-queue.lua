-- For "synfin prove-rules": a queue of a dozen packets in front of a slow line.

scenario {
  title = { en = "A queue that overflows", zh = "溢出的队列" },
  source = { "RFC 5681 3.1" },
  needs = "congestion-window-bounds-sending",
  measure = "octets",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 8000, options = { "window-scale" }, initial_window = 4 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 8000, options = { "window-scale" }, receive_buffer = 1024 * KiB }
link(client, server) { delay = 20 * ms, rate = 8 * mbit, queue = 100 * KiB }

client:runs { connect(server, 80), send(fill(300000)), close(), recv_eof() }
server:serves(80) { recv(300000), recv_eof(), close() }

finally "everything-closed"
