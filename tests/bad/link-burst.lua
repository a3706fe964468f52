-- expect: burst needs a slot and a probability
local client = host "client"
local server = host "server"
link(client, server) { burst = { probability = 0.5 } }
