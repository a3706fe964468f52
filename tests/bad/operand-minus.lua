-- expect: nothing can be subtracted by it
local client = host "client"
local server = host "server"
link(client, server)
local x = 5 - server.rcv_nxt
