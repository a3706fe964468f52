-- expect: runs: the program is nothing (nil); it must be a list of steps
local client = host "client"
local server = host "server"
link(client, server)
client:runs()
