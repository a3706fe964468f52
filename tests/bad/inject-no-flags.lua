-- expect: inject: there are no flags
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, seq = 0 } }
