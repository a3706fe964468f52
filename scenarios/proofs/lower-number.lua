-- For "synfin explore" and "synfin prove-rules": an old SYN has opened a connection halfway, and the client comes again
-- with a lower number.

scenario {
  title = { en = "A half-open connection in the way", zh = "挡路的半开连接" },
  source = { "RFC 9293 3.5.1, figure 8; 3.10.7.4, second" },
  needs = "rst-ends-syn-received",
  bounds = { overtake = 0 },
}

local client = host "client" { isn = { 900, 100 } }
local server = host "server" { isn = { 300, 700, 1100, 1500 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000, wait = false }), abort(),
  connect(server, 80, { from = 5000 }), recv_eof(), close(),
}
server:serves(80) { close(), recv_eof() }

finally({ en = "one visitor was accepted", zh = "只接受了一位访客" }, function (w)
  return w.server.accepted == 1
end)
