-- expect: serves: the port is 70000; it must be a whole number from 1 to 65535
local client = host "client"
local server = host "server"
link(client, server)
server:serves(70000) { close() }
