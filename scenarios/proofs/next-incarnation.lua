-- For "synfin explore" and "synfin prove-rules": the ports of a connection in TIME-WAIT are used again.

scenario {
  title = { en = "The next connection of the same ports", zh = "同一对端口的下一个连接" },
  source = { "RFC 9293 3.6.1, MAY-2" },
  needs = {
    "syn-takes-sequence-number",
    "rst-in-syn-sent-needs-ack",
  },
}

local client = host "client" { isn = { 100, 5000000 } }
local server = host "server" { isn = { 300, 9000000 } }
link(client, server) { delay = 20 * ms }

server:serves(80) { send "OK", close(), recv_eof() }
client:runs {
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
}

finally({ en = "there were two visits", zh = "有过两次访问" }, function (w) return w.server.accepted == 2 end)
finally "everything-closed"
