-- expect: compartment is 256; it must be a whole number from 0 to 255
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { from = client, to = server, flags = "RST", seq = 0, compartment = 256 } }
