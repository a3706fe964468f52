-- A server with one worker, and three visitors who come at once and wait their turn.

scenario { title = { en = "One worker", zh = "只有一个工作进程" } }

local first = host "first" { isn = 100 }
local second = host "second" { isn = 2000 }
local server = host "server" { isn = { 300, 5000, 7000, 9000 } }
link(first, server) { delay = 20 * ms }
link(second, server) { delay = 20 * ms }
faults { duplicate = 0.1, heals = 30 * s }

first:runs { connect(server, 80), recv_eof(), close(), connect(server, 80), recv_eof(), close() }
second:runs { connect(server, 80), recv_eof(), close() }
server:serves(80, { accept = 1, backlog = 1 }) { close(), recv_eof() }

finally "everything-closed"
