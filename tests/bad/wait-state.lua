-- expect: no state 'ESTABLISHD'; did you mean 'ESTABLISHED'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { wait_state "ESTABLISHD" }
