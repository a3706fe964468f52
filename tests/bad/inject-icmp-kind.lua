-- expect: inject: icmp: no ICMP error
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "to-big", quote = seen, to = client, by = server } }
