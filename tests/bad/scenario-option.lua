-- expect: scenario: no option 'titel'; did you mean 'title'?
scenario { titel = "x" }
local client = host "client"
local server = host "server"
link(client, server)
