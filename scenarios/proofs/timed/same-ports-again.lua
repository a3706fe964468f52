-- For "synfin prove-rules": the server is in TIME-WAIT when the visitor comes back with the same ports.

scenario {
  title = { en = "The same ports, right after", zh = "紧接着再用同一对端口" },
  source = { "RFC 9293 3.6.1, MAY-2" },
  needs = "time-wait-takes-newer-syn",
  measure = "time",
}

local client = host "client" { isn = { 100, 5000000 } }
local server = host "server" { isn = { 300, 9000000 }, msl = 5 * s }
link(client, server) { delay = 20 * ms }

server:serves(80) { send "OK", close(), recv_eof() }
client:runs {
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
}

finally({ en = "there were two visits", zh = "有过两次访问" }, function (w) return w.server.accepted == 2 end)
finally "everything-closed"
