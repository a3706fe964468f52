-- expect: link: delay is "20ms"; a time is
local client = host "client"
local server = host "server"
link(client, server) { delay = "20ms" }
