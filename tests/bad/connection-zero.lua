-- expect: connection: its number is 0
local client = host "client"
local server = host "server"
link(client, server)
local x = server:connection(0).rcv_nxt
