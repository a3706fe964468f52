-- For "synfin prove-rules": the client has nothing to say, and the server may not speak before it is heard.

scenario {
  title = { en = "The third segment is not sent", zh = "不发第三个报文段" },
  source = { "RFC 9293 3.10.7.3" },
  needs = "ack-answers-syn-ack",
  measure = "time",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), recv(5), recv_eof(), close() }
server:serves(80) { send "hello", close(), recv_eof() }

finally "everything-closed"
finally "nobody-reset"
