-- expect: 4: there is no link between 'client' and 'server'
local client = host "client"
local server = host "server"
client:runs { connect(server, 80) }
