-- expect: recv: how many octets is 0; it must be a whole number from 1
local client = host "client"
local server = host "server"
link(client, server)
client:runs { recv(0) }
