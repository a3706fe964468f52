-- expect: reorder needs to know by how much
local client = host "client"
local server = host "server"
link(client, server) { reorder = 0.5 }
