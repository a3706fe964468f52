-- expect: too much for this step; write sleep(2 * s)
local client = host "client"
local server = host "server"
link(client, server)
client:runs { sleep(1, { may_fail = true }) }
