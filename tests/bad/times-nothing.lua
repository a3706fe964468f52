-- expect: there is nothing to repeat
local client = host "client"
local server = host "server"
link(client, server)
client:runs { times(2, {}) }
