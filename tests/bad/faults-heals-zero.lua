-- expect: heals = 0 is before anything happens
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 0 }
