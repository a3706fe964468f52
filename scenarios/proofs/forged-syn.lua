-- For "synfin explore" and "synfin prove-rules": a forged SYN hits the window of an open connection.

scenario {
  title = { en = "A forged SYN in the window", zh = "落在窗口内的伪造 SYN" },
  source = { "RFC 9293 3.10.7.4, fourth; RFC 5961 4" },
  needs = "challenge-ack-for-syn",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2) }
server:serves(80) { recv(3), send "OK" }
attacker:runs {
  observe { from = server, to = client, flags = "PSH,ACK" },
  inject { from = client, to = server, by = attacker, flags = "SYN", seq = seen.ack + 10 },
}

finally "nobody-reset"
finally({ en = "both ends are still connected", zh = "两端仍然连接着" }, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.connection(1).state == "ESTABLISHED"
end)
