-- For "synfin prove-rules": each question is answered a little later.

scenario {
  title = { en = "The answer carries the acknowledgment", zh = "答复捎带确认" },
  source = { "RFC 9293 3.8.6.3" },
  needs = "delayed-ack",
  measure = "segments",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), times(5, { send "ask", recv(3) }), close(), recv_eof() }
server:serves(80) { times(5, { recv(3), sleep(50 * ms), send "yes" }), recv_eof(), close() }

finally "everything-closed"
