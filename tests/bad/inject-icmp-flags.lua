-- expect: inject: an ICMP error has no 'flags'
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", flags = "SYN", quote = seen, to = client, by = server } }
