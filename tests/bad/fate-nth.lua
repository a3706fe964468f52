-- expect: fate: nth is 0; it must be a whole number from 1
local client = host "client"
local server = host "server"
link(client, server)
fate { nth = 0, drop = true }
