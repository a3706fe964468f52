-- expect: fate: from is "client"; it must be a host
local client = host "client"
local server = host "server"
link(client, server)
fate { from = "client", drop = true }
