-- expect: seen: no field 'sequ'; did you mean 'seq'?
local client = host "client"
local server = host "server"
link(client, server)
local x = seen.sequ
