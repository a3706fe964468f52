-- For "synfin explore" and "synfin prove-rules": ICMP errors about text that is in flight, hard ones and soft ones.

scenario {
  title = { en = "ICMP errors about text in flight", zh = "针对在途数据的 ICMP 差错" },
  source = { "RFC 9293 3.9.2.2", "RFC 5461 4.1" },
  needs = { "hard-error-spares-open-connection", "soft-errors-are-remembered" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }
attacker:runs {
  observe { from = client, to = server, text = true },
  inject { icmp = "port-unreachable", quote = seen, to = client, by = attacker },
  inject { icmp = "host-unreachable", quote = seen, to = client, by = attacker },
}

finally({ en = "the server got the text", zh = "服务器收到了数据" }, function (w)
  return w.server.connection(1).received == "GET"
end)
