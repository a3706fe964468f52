-- expect: a crash has a time, and a later one
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
fates { { crash = server, at = 2 * s, boots = 1 * s } }
