-- expect: a packet is named by its key
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { from = client, to = server, drop = true } }
