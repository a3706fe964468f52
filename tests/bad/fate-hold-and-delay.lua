-- expect: hold adds to the link's delay and delay replaces it
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, hold = 3 * s, delay = 1 * s }
