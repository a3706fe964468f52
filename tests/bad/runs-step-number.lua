-- expect: runs: step 1 is 5; a step is what connect
local client = host "client"
local server = host "server"
link(client, server)
client:runs { 5 }
