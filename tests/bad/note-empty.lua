-- expect: note has no text
local client = host "client"
local server = host "server"
link(client, server)
client:runs { note {} }
