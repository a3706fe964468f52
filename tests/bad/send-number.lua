-- expect: send: the text is 5; it must be a string
local client = host "client"
local server = host "server"
link(client, server)
client:runs { send(5) }
