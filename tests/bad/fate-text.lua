-- expect: text and length contradict each other
local client = host "client"
local server = host "server"
link(client, server)
fate { text = false, length = 5, drop = true }
