-- expect: faults: nothing goes wrong
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { heals = 3 * s }
