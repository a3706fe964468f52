-- expect: source_port and destination_port belong together
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "SYN", seq = 0, source_port = 5 } }
