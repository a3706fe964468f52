-- expect: connect: the port is nothing (nil)
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server) }
