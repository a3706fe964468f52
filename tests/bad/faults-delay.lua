-- expect: write delay = { 0, 50 * ms }
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { delay = 50 * ms }
