local client, server = host "client", host "server"
link(client, server) { delay = 1 * ms }
client:runs { connect(server, 80), send "hello", close() }
server:serves(80) { recv(5), close() }
always("nothing is ever sent", function (w) return w.in_flight == 0 end)
expect("the server has nothing after 1 ms", 1 * ms, function (w) return w.server.opened == 0 and w.now == 1 * ms end)
finally("two were served", function (w) return w.server.accepted == 2 end)
finally("with words of its own", function (w) return false, "so it is" end)
finally("what came", function (w) return w.server.connection(1).received == "good bye" end)
finally("this one holds", function (w) return w.client.connections[1].established end)
