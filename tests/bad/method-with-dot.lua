-- expect: runs { ... } is called with a colon: client:runs { ... }
local client = host "client"
local server = host "server"
link(client, server)
client.runs { close() }
