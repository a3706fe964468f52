-- expect: a packet goes from a host to another
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { from = client, to = "client", key = "1f SYN 0 0 0 0", drop = true } }
