-- expect: connect: the port is 0; it must be a whole number from 1 to 65535
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 0) }
