-- expect: connect: no option 'wate'; did you mean 'wait'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80, { wate = false }) }
