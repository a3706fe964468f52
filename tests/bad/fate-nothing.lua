-- expect: fate: nothing happens to the packet
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, flags = "SYN" }
