-- expect: inject: a packet was too big for what? Add mtu = 576
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "packet-too-big", quote = seen, to = client, by = server } }
