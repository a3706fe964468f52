-- For "synfin explore" and "synfin prove-rules": copies of a client's segments arrive when it has gone. The server's
-- numbers follow a clock.

scenario {
  title = { en = "The server's numbers move on", zh = "服务器的序列号随时钟前进" },
  source = { "RFC 9293 3.4.1, MUST-8" },
  needs = "isn-from-clock",
  bounds = { drop = 0, overtake = 2 },
}

local client = host "client" { isn = 100 }
local server = host "server"
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "Ann: 100;", abort() }
server:serves(80) { recv(9, { may_fail = true }) }

always({ en = "one visitor is accepted", zh = "只接受一位访客" }, function (w)
  return w.server.accepted <= 1
end)
