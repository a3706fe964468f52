-- expect: runs: step 1 is "GET /"; to send it write send
local client = host "client"
local server = host "server"
link(client, server)
client:runs { "GET /" }
