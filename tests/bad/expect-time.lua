-- expect: expect: the time is a function; a time is
local client = host "client"
local server = host "server"
link(client, server)
expect("x", function (w) return true end)
