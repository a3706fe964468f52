-- expect: runs: step 2 is the function close itself; write close(...)
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80), close }
