-- expect: link: icmp says whether the sender of too long a packet is told; add mtu = 1500
local client = host "client"
local server = host "server"
link(client, server) { icmp = false }
