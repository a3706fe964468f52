-- expect: inject: there is no seq
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "RST" } }
