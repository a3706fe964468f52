-- For "synfin prove-rules": the reader takes octet by octet out of a full buffer.

scenario {
  title = { en = "The silly window", zh = "糊涂窗口" },
  source = { "RFC 9293 3.8.6.2.2, MUST-39" },
  needs = "window-opens-in-big-steps",
  measure = "segments",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, receive_buffer = 10 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(20)), close(), recv_eof() }
server:serves(80) { times(20, { sleep(100 * ms), recv(1) }), recv_eof(), close() }

finally "everything-closed"
