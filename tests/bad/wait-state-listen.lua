-- expect: is never in LISTEN
local client = host "client"
local server = host "server"
link(client, server)
client:runs { wait_state "LISTEN" }
