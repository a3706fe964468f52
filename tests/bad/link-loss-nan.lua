-- expect: a probability is a number from 0 to 1
local client = host "client"
local server = host "server"
link(client, server) { loss = 0/0 }
