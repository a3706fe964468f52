-- expect: link: delay is nan; a time is
local client = host "client"
local server = host "server"
link(client, server) { delay = 0/0 }
