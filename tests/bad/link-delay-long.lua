-- expect: a time is a number from 0 to ten years
local client = host "client"
local server = host "server"
link(client, server) { delay = 1e19 }
