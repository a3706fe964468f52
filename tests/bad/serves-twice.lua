-- expect: 6: 'server' serves port 80 already
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80) { close() }
server:serves(80) { close() }
