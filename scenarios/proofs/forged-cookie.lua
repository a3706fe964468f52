-- For "synfin explore" and "synfin prove-rules": a SYN with somebody else's address, an invented cookie, and an order.

scenario {
  title = { en = "An order with an invented cookie", zh = "cookie 是编造的订单" },
  source = { "RFC 7413 4.1.2, 5.2" },
  needs = "fast-open-cookie-is-checked",
}

local client = host "client"
local server = host "server"
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

attacker:runs {
  crash(client),
  inject { from = client, to = server, by = attacker, flags = "SYN", seq = 100, text = "PAY", cookie = "12345678",
           source_port = 1001, destination_port = 80 },
}
server:serves(80, { fast_open = true }) { recv(3) }

always({ en = "nobody is served", zh = "没有人得到接待" }, function (w) return w.server.accepted == 0 end)
