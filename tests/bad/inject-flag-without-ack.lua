-- expect: the flag ACK needs a number
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "ACK", seq = 0 } }
