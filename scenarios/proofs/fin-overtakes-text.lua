-- For "synfin explore" and "synfin prove-rules": the FIN may be there before the text that it follows.

scenario {
  title = { en = "A FIN ahead of the text", zh = "FIN 走在数据前面" },
  source = { "RFC 9293 3.10.7.4, eighth" },
  needs = "fin-waits-for-missing-data",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv_eof() }
server:serves(80) { recv(3), recv_eof(), close() }

finally "everything-closed"
finally "nobody-reset"
