-- expect: spacing is between copies; add duplicate = 1
local client = host "client"
local server = host "server"
link(client, server)
fate { hold = 1, spacing = 1 }
