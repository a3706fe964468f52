-- expect: fates: copy says which copy is corrupt
local client = host "client"
local server = host "server"
link(client, server)
fates { { from = client, to = server, key = "1f3a9c22 SYN 0 0 0 0", corrupt = { 7 }, copy = 1 } }
