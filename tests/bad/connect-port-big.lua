-- expect: connect: the port is 65536
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 65536) }
