-- expect: send and recv go together
local client = host "client"
local server = host "server"
link(client, server)
client:runs { request { send = 5 } }
