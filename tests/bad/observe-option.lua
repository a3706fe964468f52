-- expect: observe: no option 'form'; did you mean 'from'?
local client = host "client"
local server = host "server"
link(client, server)
client:runs { observe { form = server } }
