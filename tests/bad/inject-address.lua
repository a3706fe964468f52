-- expect: inject: destination_address is no address
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = server, to = client, flags = "RST", seq = 0, destination_address = "everybody" } }
