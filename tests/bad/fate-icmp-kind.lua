-- expect: fate: icmp: no ICMP error
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, icmp = "port-unreachible", drop = true }
