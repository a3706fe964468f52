-- expect: an operand plus 0.5; only whole numbers
local client = host "client"
local server = host "server"
link(client, server)
local x = server.rcv_nxt + 0.5
