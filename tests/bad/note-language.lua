-- expect: note: no option 'cn'
local client = host "client"
local server = host "server"
link(client, server)
client:runs { note { cn = "x" } }
