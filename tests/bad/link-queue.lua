-- expect: a queue builds up at a rate alone
local client = host "client"
local server = host "server"
link(client, server) { queue = 5000 }
