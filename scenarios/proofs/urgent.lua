-- For "synfin explore" and "synfin prove-rules": the client sends urgent text, and the server's user must hear of it.

scenario {
  title = { en = "Urgent text", zh = "紧急数据" },
  source = { "RFC 9293 3.8.5, MUST-32" },
  needs = "urgent-text-is-signalled",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", send("STOP", { urgent = true }), close(), recv_eof() }
server:serves(80) { sleep(1 * s), recv_eof(), close() }

finally({ en = "the server's user was told, and got all text", zh = "服务器的用户得到了通知，也收到了全部数据" }, function (w)
  local visit = w.server.connection(1)
  return visit.urgent and visit.received == "GETSTOP"
end)
finally "everything-closed"
finally "nobody-reset"
