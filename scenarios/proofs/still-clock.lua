-- For "synfin explore" and "synfin prove-rules": the server, whose clock stands still, leaves TIME-WAIT for a newer
-- SYN.

scenario {
  title = { en = "Reopened out of TIME-WAIT", zh = "从 TIME-WAIT 重新打开" },
  source = { "RFC 9293 3.6.1 (1), MAY-2" },
  needs = "reopened-iss-above-old",
}

local client = host "client" { isn = { 100, 1000 } }
local server = host "server" { without = "isn-from-clock" }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000 }), recv(2), recv_eof(), close(), wait_closed(),
  connect(server, 80, { from = 5000 }), recv(2), recv_eof(), close(),
}
server:serves(80) { send "OK", close(), recv_eof() }

always({ en = "nobody reads what was sent on an earlier connection", zh = "没有人读到早先连接上发送的内容" }, function (w)
  return not w.client.connection(2).foreign_text
end)
