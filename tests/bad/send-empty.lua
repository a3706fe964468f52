-- expect: send: the text is 0 bytes long
local client = host "client"
local server = host "server"
link(client, server)
client:runs { send "" }
