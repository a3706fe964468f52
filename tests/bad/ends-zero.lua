-- expect: ends(0) is before anything happens
local client = host "client"
local server = host "server"
link(client, server)
ends(0)
