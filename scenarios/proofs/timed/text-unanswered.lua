-- For "synfin prove-rules": the server takes a while to answer what it has got.

scenario {
  title = { en = "Text that nobody answers", zh = "无人应答的数据" },
  source = { "RFC 9293 3.10.7.4, seventh" },
  needs = "text-is-acknowledged",
  measure = "octets",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), sleep(5 * s), send "OK", recv_eof(), close() }

finally "everything-closed"
