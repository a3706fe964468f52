-- expect: faults: no option 'los'; did you mean 'loss'?
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { los = 0.1 }
