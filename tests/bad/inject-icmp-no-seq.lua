-- expect: there is no seq
local client = host "client"
local server = host "server"
link(client, server)
client:runs { inject { icmp = "time-exceeded", quote = {}, from = server, to = client } }
