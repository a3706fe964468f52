-- expect: inject: whose link does the ICMP error take?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", quote = seen, to = client } }
