-- expect: fate: flags is 2; it must be a string
local client = host "client"
local server = host "server"
link(client, server)
fate { flags = 2, drop = true }
