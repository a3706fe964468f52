-- For "synfin explore" and "synfin prove-rules": SYNs arrive that nobody stands behind. The listener has room for two.

scenario {
  title = { en = "More SYNs than room", zh = "SYN 多于名额" },
  source = { "RFC 4987 2" },
  needs = "listen-backlog",
}

local client = host "client"
local server = host "server"
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

local function syn(port)
  return inject { from = client, to = server, by = attacker, flags = "SYN", seq = 100,
                  source_port = port, destination_port = 80 }
end
attacker:runs { crash(client), syn(1001), syn(1002), syn(1003) }
server:serves(80, { backlog = 2 }) {}

always({ en = "what is half-open has a bound", zh = "半开连接的数量有上限" }, function (w)
  return w.server.half_open <= 2
end)
