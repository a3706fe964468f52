-- expect: inject: quote and mtu belong to ICMP errors
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = server, to = client, flags = "RST", seq = 0, mtu = 576 } }
