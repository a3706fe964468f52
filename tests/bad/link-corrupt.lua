-- expect: link: corrupt is 2; a probability is a number from 0 to 1
local client = host "client"
local server = host "server"
link(client, server) { corrupt = 2 }
