-- The client closes first, crashes and comes up again: the server, in LAST-ACK, is told so by a reset.

scenario { title = { en = "Reset while closing", zh = "关闭途中被复位" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local operator = host "operator"
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), close(), recv_eof { may_fail = true } }
server:serves(80) { recv_eof(), close() }
operator:runs { observe { from = client, to = server, flags = "FIN,ACK" }, crash(client), reboot(client) }

finally "everything-closed"
