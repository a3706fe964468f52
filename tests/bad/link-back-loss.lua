-- expect: link: back: loss is -1; a probability
local client = host "client"
local server = host "server"
link(client, server) { back = { loss = -1 } }
