-- For "synfin explore" and "synfin prove-rules": the client aborts, and the server must hear of it.

scenario {
  title = { en = "The client aborts", zh = "客户端中止连接" },
  source = { "RFC 9293 3.10.5" },
  needs = "abort-sends-rst",
  bounds = { drop = 0 },

}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), sleep(1 * s), abort() }
server:serves(80) { recv_eof { fails = "connection reset" } }

finally "everything-closed"
