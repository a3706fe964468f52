-- expect: inject: what was seen says where it went
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", quote = seen, from = server, to = client } }
