-- expect: fate: corrupt: bit 7 is flipped twice
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, corrupt = { 7, 7 } }
