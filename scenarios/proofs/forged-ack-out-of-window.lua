-- For "synfin explore" and "synfin prove-rules": a forged ACK has the right acknowledgment, and a sequence number from
-- nowhere.

scenario {
  title = { en = "A forged ACK from outside the window", zh = "窗口之外的伪造 ACK" },
  source = { "RFC 9293 3.10.7.4, first" },
  needs = "sequence-number-must-be-acceptable",
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
  inject { from = server, to = client, by = attacker, flags = "ACK", seq = seen.ack + 1000000, ack = seen.end_seq },
}

finally({ en = "both got what was sent", zh = "双方都收到了对方所发的内容" }, function (w)
  return w.client.connection(1).received == "OK" and w.server.connection(1).received == "GET"
end)
finally "nobody-reset"
