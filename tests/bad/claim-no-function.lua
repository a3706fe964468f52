-- expect: finally: the claim is 5; it must be function (w) return ... end
local client = host "client"
local server = host "server"
link(client, server)
finally("x", 5)
