-- expect: always: the claim's text is a function
local client = host "client"
local server = host "server"
link(client, server)
always(function (w) return true end, 5)
