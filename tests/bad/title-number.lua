-- expect: scenario: title is 5; it must be
scenario { title = 5 }
local client = host "client"
local server = host "server"
link(client, server)
