-- expect: faults: corrupt is -1
local client = host "client"
local server = host "server"
link(client, server)
faults { corrupt = -1 }
