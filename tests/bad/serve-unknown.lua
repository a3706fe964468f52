-- expect: serve: no service 'ecko'; did you mean 'echo'?
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80) { serve "ecko" }
