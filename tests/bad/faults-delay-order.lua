-- expect: the first time is the least
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { delay = { 2 * s, 1 * s } }
