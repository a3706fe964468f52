-- expect: are not linked
local client = host "client"
local server = host "server"
link(client, server)
local c = host "c"
client:runs { link_down(client, c) }
