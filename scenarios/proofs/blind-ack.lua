-- For "synfin explore" and "synfin prove-rules": an ACK out of nowhere reaches a listener that keeps no half-open
-- connections.

scenario {
  title = { en = "An ACK with an invented cookie", zh = "cookie 是编造的 ACK" },
  source = { "RFC 4987 3.6" },
  needs = "syn-cookies-are-checked",
}

local client = host "client"
local server = host "server" { syn_queue = "cookies" }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

attacker:runs {
  crash(client),
  inject { from = client, to = server, by = attacker, flags = "ACK", seq = 101, ack = 301,
           source_port = 1001, destination_port = 80 },
}
server:serves(80) {}

always({ en = "nobody opens a connection", zh = "没有人打开连接" }, function (w) return w.server.opened == 0 end)
