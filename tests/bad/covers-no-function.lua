-- expect: covers: the claim is nothing
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
covers "slow"
