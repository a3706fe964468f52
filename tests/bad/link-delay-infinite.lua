-- expect: link: delay is inf; a time is
local client = host "client"
local server = host "server"
link(client, server) { delay = math.huge }
