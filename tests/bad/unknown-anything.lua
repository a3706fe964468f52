-- expect: there is no 'frobnicate'; declare it before: local frobnicate = ...
local client = host "client"
local server = host "server"
link(client, server)
frobnicate()
