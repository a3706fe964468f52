-- expect: scenario has no title
scenario { about = "x" }
local client = host "client"
local server = host "server"
link(client, server)
