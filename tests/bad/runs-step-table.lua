-- expect: to repeat steps write times(2, { ... })
local client = host "client"
local server = host "server"
link(client, server)
client:runs { { close() } }
