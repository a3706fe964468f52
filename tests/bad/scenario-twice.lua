-- expect: a file is one scenario
scenario { title = "t" }
scenario { title = "t" }
local client = host "client"
local server = host "server"
link(client, server)
