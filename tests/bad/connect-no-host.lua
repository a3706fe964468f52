-- expect: connect: the server is "server"; it must be a host
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect("server", 80) }
