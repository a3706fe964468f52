-- expect: 6: this host serves this port already
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80) { close() }
server:serves(80) { close() }
