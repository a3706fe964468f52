-- expect: fate: corrupt is a list of 1 to 4 bits
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, corrupt = { 1, 2, 3, 4, 5 } }
