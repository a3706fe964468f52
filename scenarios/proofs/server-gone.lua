-- For "synfin explore" and "synfin prove-rules": the server crashes and never comes back.

scenario {
  title = { en = "Nobody will ever answer", zh = "再也不会有人应答" },
  source = { "RFC 9293 3.8.3, MUST-20" },
  needs = "r2-ends-connection",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), crash(server), send "GET", recv(2, { fails = "connection timed out" }) }
server:serves(80) { recv_eof() }

finally "everything-closed"
