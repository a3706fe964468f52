-- expect: is in use already; give its options where it is declared
local client = host "client"
local server = host "server"
link(client, server)
client { isn = 1 }
