local client, server = host "client", host "server"
link(client, server) { delay = 1 * ms }
client:runs { connect(server, 80) }
server:serves(80, { backlog = 5, accept = 2 }) {}
finally({ en = "two were served", zh = "接待了两位" }, function (w) return w.server.accepted == 2 end)
finally({ zh = "只有中文" }, function () return false, { zh = "的确如此" } end)
finally("in English alone", function () return false, { en = "so it is", zh = "是这样" } end)
finally("nothing of it", function () return true, { en = "not said" } end)
