-- expect: 5: serves(80) has no program
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80)
