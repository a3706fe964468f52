-- expect: request and response go together
local client = host "client"
local server = host "server"
link(client, server)
server:serves(80) { serve { request = 5 } }
