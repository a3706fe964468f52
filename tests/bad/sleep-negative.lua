-- expect: sleep: the time is -1; a time is
local client = host "client"
local server = host "server"
link(client, server)
client:runs { sleep(-1) }
