local client, server = host "client", host "server"
link(client, server)
client:runs { connect(server, 80, { fails = "connection reset" }) }
finally("words", function (w) return false, { de = "so ist es" } end)
