-- expect: inject: an ICMP error quotes a segment
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", from = server, to = client } }
