-- expect: fate: drop and unreachable contradict
local client = host "client"
local server = host "server"
link(client, server)
fate { from = client, unreachable = "port", hold = 3 * s }
