-- expect: fate: drop and unreachable contradict hold, delay, duplicate and corrupt
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, drop = true, hold = 3 * s }
