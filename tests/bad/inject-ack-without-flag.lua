-- expect: ack means nothing without the flag
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "RST", seq = 0, ack = 5 } }
