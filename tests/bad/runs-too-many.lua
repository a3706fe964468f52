-- expect: too many steps
local client = host "client"
local server = host "server"
link(client, server)
local t = {}
for i = 1, 1000 do t[i] = sleep(1) end
local all = times(2, t)
local u = {}
for i = 1, 100 do u[i] = all end
client:runs(u)
