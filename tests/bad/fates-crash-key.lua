-- expect: a crash has no 'drop'
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { crash = server, at = 1 * s, boots = 2 * s, drop = true } }
