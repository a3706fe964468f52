-- For "synfin prove-rules": the client is gone without a word; the server only listens.

scenario {
  title = { en = "Nobody there any more", zh = "对方已经不在" },
  source = { "RFC 9293 3.8.4" },
  needs = "keep-alive-asks",
  measure = "claims",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, keep_alive = { idle = 60 * s, interval = 10 * s, probes = 3 } }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), crash(client) }
server:serves(80) { recv(1, { fails = "connection timed out" }) }

finally "everything-closed"
