-- The server's user closes the socket and goes; the client learns it when it sends.

scenario { title = { en = "Nobody reads any more", zh = "再无人读取" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), recv_eof(), send "GET", wait_closed() }
server:serves(80) { sockets_close() }

finally "everything-closed"
