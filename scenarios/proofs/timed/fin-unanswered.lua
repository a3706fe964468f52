-- For "synfin prove-rules": the server isn't done yet when the client closes.

scenario {
  title = { en = "A FIN that nobody answers", zh = "无人应答的 FIN" },
  source = { "RFC 9293 3.10.7.4, eighth" },
  needs = "fin-is-acknowledged",
  measure = "segments",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), sleep(5 * s), close() }

finally "everything-closed"
