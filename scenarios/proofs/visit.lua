-- For "synfin explore" and "synfin prove-rules": a request, a response, and both sides close.

scenario {
  title = { en = "A visit, in every order of events", zh = "一次访问的一切时序" },
  source = { "RFC 9293 3.5, 3.6" },
  needs = "retransmission",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", close(), recv_eof() }

finally({ en = "both got what was sent", zh = "双方都收到了对方所发的内容" }, function (w)
  return w.client.connection(1).received == "OK" and w.server.connection(1).received == "GET"
end)
finally "everything-closed"
finally "nobody-reset"
