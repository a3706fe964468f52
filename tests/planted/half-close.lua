-- The client has said all that it has to say, and goes on reading.

scenario { title = { en = "Half closed", zh = "半关闭" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv(2), recv_eof() }
server:serves(80) { recv_eof(), send "OK", close() }

finally "everything-closed"
finally "nobody-reset"
