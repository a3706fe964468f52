-- expect: fate: flags: no flag 'SYNC'; did you mean 'SYN'?
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, flags = "SYNC", drop = true }
