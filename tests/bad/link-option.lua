-- expect: link: no option 'dely'; did you mean 'delay'?
local client = host "client"
local server = host "server"
link(client, server) { dely = 5 }
