-- expect: link: loss is "0.1"; a probability
local client = host "client"
local server = host "server"
link(client, server) { loss = "0.1" }
