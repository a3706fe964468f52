-- expect: fate: flags is empty; write
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, flags = "", drop = true }
