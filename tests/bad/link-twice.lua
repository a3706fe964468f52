-- expect: are linked already, on line 4
local client = host "client"
local server = host "server"
link(client, server)
link(server, client) { delay = 1 * ms }
