-- expect: no error 'connection refusd'; did you mean 'connection refused'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80, { fails = "connection refusd" }) }
