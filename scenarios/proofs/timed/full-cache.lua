-- For "synfin prove-rules": three SYNs that nobody stands behind fill the cache a moment before a visitor comes.

scenario {
  title = { en = "A visitor behind a flood", zh = "洪水之后的访客" },
  source = { "RFC 4987 3.4, 3.5" },
  needs = "syn-cache-drops-oldest",
  measure = "claims",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, syn_queue = "cache" }
local attacker = host "attacker"
local nobody = host "nobody"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

local function syn(port)
  return inject { from = nobody, to = server, by = attacker, flags = "SYN", seq = 7000,
                  source_port = port, destination_port = 80 }
end
attacker:runs { syn(1001), syn(1002), syn(1003) }
client:runs { sleep(100 * ms), connect(server, 80), send "GET /", close(), recv_eof() }
server:serves(80, { backlog = 3 }) { recv(5), recv_eof(), close() }

expect({ en = "the visitor was served at once", zh = "访客立即得到接待" }, 500 * ms, function (w)
  return w.server.accepted == 1
end)
