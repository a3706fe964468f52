-- expect: recv: how many octets is nothing (nil)
local client = host "client"
local server = host "server"
link(client, server)
client:runs { recv() }
