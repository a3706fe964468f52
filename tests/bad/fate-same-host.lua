-- expect: from and to are the same host
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, to = client, drop = true }
