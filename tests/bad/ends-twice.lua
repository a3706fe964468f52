-- expect: ends is said twice
local client = host "client"
local server = host "server"
link(client, server)
ends(1 * s)
ends(2 * s)
