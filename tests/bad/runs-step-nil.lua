-- expect: runs: step 2 is nothing (nil)
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80), nil, close() }
