-- expect: something in it has a name
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80), at_boot = true }
