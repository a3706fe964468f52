-- For "synfin prove-rules": the reader takes 200 octets at a time, and its TCP tells of each.

scenario {
  title = { en = "Small openings of the window", zh = "窗口一点点张开" },
  source = { "RFC 9293 3.8.6.2.1, MUST-38" },
  needs = "sender-avoids-silly-window",
  measure = "segments",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000, receive_buffer = 4000, without = "window-opens-in-big-steps" }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(20000)), close(), recv_eof() }
server:serves(80) { sleep(1 * s), times(100, { sleep(100 * ms), recv(200) }), recv_eof(), close() }

finally "everything-closed"
