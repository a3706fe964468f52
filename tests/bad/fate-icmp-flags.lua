-- expect: fate: an ICMP error has no flags
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, icmp = true, flags = "SYN", drop = true }
