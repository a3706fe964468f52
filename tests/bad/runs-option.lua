-- expect: runs: no option 'atboot'; did you mean 'at_boot'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs({ connect(server, 80) }, { atboot = true })
