-- expect: link: mtu is 10; 
local client = host "client"
local server = host "server"
link(client, server) { mtu = 10 }
