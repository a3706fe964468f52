-- expect: connect: wait is 0; it must be true or false
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80, { wait = 0 }) }
