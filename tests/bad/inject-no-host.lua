-- expect: inject: a packet goes from a host to a host
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, flags = "RST", seq = 0 } }
