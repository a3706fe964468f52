-- expect: inject: mtu goes with icmp = "packet-too-big" alone
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", mtu = 576, quote = seen, to = client, by = server } }
