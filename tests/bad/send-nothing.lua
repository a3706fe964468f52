-- expect: send: the text is nothing (nil); it must be a string
local client = host "client"
local server = host "server"
link(client, server)
client:runs { send() }
