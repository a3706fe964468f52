-- expect: a period ends before it begins
local client = host "client"
local server = host "server"
link(client, server) { down = { { 2 * s, 1 * s } } }
