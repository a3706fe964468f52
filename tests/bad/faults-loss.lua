-- expect: faults: loss is 2; a probability is a number from 0 to 1
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { loss = 2 }
