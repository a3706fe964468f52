-- expect: the program stands behind it; write serves(80) { ... }
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80, { recv(5) })
