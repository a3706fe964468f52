-- The network doubles the first SYN, and the second copy meets the server's TIME-WAIT.

scenario { title = { en = "The old SYN again", zh = "旧 SYN 再次到来" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = { 300, 90000 }, without = "rst-ends-time-wait" }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 30 * s }

fate { from = client, flags = "SYN", nth = 1, duplicate = 1, spacing = 5 * s }

client:runs { connect(server, 80), recv_eof(), close() }
server:serves(80) { close(), recv_eof { may_fail = true } }

always({ en = "one visitor came", zh = "只来过一位访客" }, function (w) return w.server.opened <= 1 end)
finally "everything-closed"
