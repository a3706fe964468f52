-- For "synfin prove-rules": a window of two segments, which waits for its acknowledgment.

scenario {
  title = { en = "The second segment", zh = "第二个报文段" },
  source = { "RFC 9293 3.8.6.3, SHLD-19" },
  needs = "second-segment-is-acknowledged",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000, initial_window = 2 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(20000)), close(), recv_eof() }
server:serves(80) { recv(20000), recv_eof(), close() }

finally "everything-closed"
