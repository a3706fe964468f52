-- expect: there is no 'conect'; did you mean 'connect'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { conect(server, 80) }
