-- For "synfin explore" and "synfin prove-rules": somebody acknowledges what was never sent.

scenario {
  title = { en = "A forged ACK of what was never sent", zh = "伪造的 ACK：确认从未发送的内容" },
  source = { "RFC 9293 3.10.7.4, fifth" },
  needs = "ack-of-unsent-is-refused",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", close(), recv_eof() }
attacker:runs {
  observe { from = client, to = server, flags = "PSH,ACK" },
  inject { from = server, to = client, by = attacker, flags = "ACK", seq = seen.ack, ack = seen.end_seq + 1000 },
}

finally({ en = "both got what was sent", zh = "双方都收到了对方所发的内容" }, function (w)
  return w.client.connection(1).received == "OK" and w.server.connection(1).received == "GET"
end)
finally "nobody-reset"
