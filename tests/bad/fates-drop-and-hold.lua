-- expect: a packet has one fate
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { from = client, to = server, key = "1f SYN 0 0 0 0", drop = true, hold = 1 * s } }
