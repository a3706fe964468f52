-- expect: a step is done by the program that it stands in
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80)() }
