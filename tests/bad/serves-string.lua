-- expect: write serves(80) { serve "echo" }
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80, "echo")
