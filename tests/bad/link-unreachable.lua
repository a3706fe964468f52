-- expect: link: unreachable is one of "network", "host"
local client = host "client"
local server = host "server"
link(client, server) { unreachable = "yes" }
