-- expect: 4: there is no link between the two hosts
local client = host "client"
local server = host "server"
client:runs { connect(server, 80) }
