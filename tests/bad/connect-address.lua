-- expect: 'client' has no address number 3
local client = host "client" { address = { "10.0.0.1", "10.0.0.2" } }
local server = host "server"
link(client, server)
client:runs { connect(server, 80, { address = 3 }) }
