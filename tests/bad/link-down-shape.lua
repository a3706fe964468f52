-- expect: a period is { from, to }
local client = host "client"
local server = host "server"
link(client, server) { down = { 1 * s, 2 * s } }
