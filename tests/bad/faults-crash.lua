-- expect: no host 'serwer'; did you mean 'server'?
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { crash = "serwer" }
