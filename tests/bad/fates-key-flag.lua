-- expect: no flag 'SIN'; did you mean 'FIN'?
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { from = client, to = server, key = "1f SIN 0 0 0 0", drop = true } }
