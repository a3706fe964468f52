-- For "synfin prove-rules": a queue that overflows again and again.

scenario {
  title = { en = "A queue that overflows again", zh = "一再溢出的队列" },
  source = { "RFC 5681 3.1" },
  needs = "loss-halves-window",
  measure = "octets",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 8000, options = { "window-scale", "sack" }, initial_window = 4 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 8000, options = { "window-scale", "sack" }, receive_buffer = 1024 * KiB }
link(client, server) { delay = 20 * ms, rate = 8 * mbit, queue = 60 * KiB }

client:runs { connect(server, 80), send(fill(900000)), close(), recv_eof() }
server:serves(80) { recv(900000), recv_eof(), close() }

finally "everything-closed"
