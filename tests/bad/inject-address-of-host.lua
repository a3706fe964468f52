-- expect: inject: source_address: an address of one host is that host's
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = server, to = client, flags = "RST", seq = 0, source_address = "10.0.0.9" } }
