-- expect: drop = false says nothing
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, drop = false }
