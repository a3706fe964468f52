-- expect: times: how often is 0
local client = host "client"
local server = host "server"
link(client, server)
client:runs { times(0, { close() }) }
