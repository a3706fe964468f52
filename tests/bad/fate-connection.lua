-- expect: connection counts the connections of one sender
local client = host "client"
local server = host "server"
link(client, server)
fate { connection = 1, drop = true }
