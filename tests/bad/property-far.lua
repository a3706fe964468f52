-- expect: a claim of your own is a text and a function
local client = host "client"
local server = host "server"
link(client, server)
always "it is nice"
