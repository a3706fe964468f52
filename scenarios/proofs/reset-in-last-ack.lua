-- For "synfin explore" and "synfin prove-rules": the client is gone while the server still waits for the ACK of its
-- FIN.

scenario {
  title = { en = "A reset in LAST-ACK", zh = "LAST-ACK 中的 RST" },
  source = { "RFC 9293 3.10.7.4, second" },
  needs = "rst-ends-closing",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), close() }
server:serves(80) { recv_eof(), crash(client), reboot(client), close(), wait_closed() }

finally({ en = "a reset told the server that nobody will acknowledge", zh = "RST 告诉服务器：不会再有人来确认" }, function (w)
  return w.server.connection(1).resets == 1
end)
finally "everything-closed"
