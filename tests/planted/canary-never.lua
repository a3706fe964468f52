-- A claim that never holds: a check or an explore that lets it pass is silent about everything.

scenario { title = { en = "A claim that never holds", zh = "永不成立的断言" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 30 * s }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally({ en = "this never holds", zh = "此项永不成立" }, function () return false end)
