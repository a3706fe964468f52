-- expect: fate: corrupt
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, corrupt = 10000000 }
