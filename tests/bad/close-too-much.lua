-- expect: close takes a table of options, not 5
local client = host "client"
local server = host "server"
link(client, server)
client:runs { close(5) }
