-- expect: is no packet's; keys look like
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { from = client, to = server, key = "syn", drop = true } }
