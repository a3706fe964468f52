-- expect: inject: seq is 4294967296; it must be a whole number from 0 to 4294967295
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "SYN", seq = 1 << 32 } }
