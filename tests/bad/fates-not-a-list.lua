-- expect: fates takes a list of fates, not 3
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates(3)
