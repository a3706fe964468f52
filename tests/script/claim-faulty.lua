local client, server = host "client", host "server"
link(client, server)
client:runs { connect(server, 80, { fails = "connection reset" }) }
finally("one was served", function (w)
  return w.server.acepted == 1
end)
