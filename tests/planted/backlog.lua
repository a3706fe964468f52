-- A listener with one place for a half-open connection, which is needed three times.

scenario { title = { en = "A backlog of one", zh = "只有一个名额的半连接队列" } }

local client = host "client" { isn = { 100, 2000, 4000 } }
local server = host "server" { isn = { 300, 5000, 7000, 9000, 11000, 13000 } }
link(client, server) { delay = 20 * ms }
faults { duplicate = 0.1, heals = 30 * s }

client:runs {
  connect(server, 80, { wait = false }), abort(),
  connect(server, 80), close(), recv_eof(),
  connect(server, 80), close(), recv_eof(),
}
server:serves(80, { backlog = 1 }) { recv_eof { may_fail = true }, close { may_fail = true } }

always({ en = "the backlog is not exceeded", zh = "半连接不超过名额" }, function (w) return w.server.half_open <= 1 end)
