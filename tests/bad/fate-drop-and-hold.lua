-- expect: fate: drop contradicts hold, delay and duplicate
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, drop = true, hold = 3 * s }
