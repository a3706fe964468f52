local client, server = host "client", host "server"
link(client, server)
client:runs { connect(server, 80, { fails = "connection reset" }) }
finally("no return", function (w) local x = w.server.accepted == 1 end)
