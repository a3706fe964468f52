-- expect: fails and may_fail contradict each other
local client = host "client"
local server = host "server"
link(client, server)
client:runs { connect(server, 80, { fails = "connection refused", may_fail = true }) }
