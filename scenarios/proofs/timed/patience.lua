-- For "synfin prove-rules": the user said how long he waits for a server that has gone.

scenario {
  title = { en = "The user's patience", zh = "用户的耐心" },
  source = { "RFC 9293 3.10.8" },
  needs = "user-timeout-ends-connection",
  measure = "claims",
}

local client = host "client" { isn = 100, user_timeout = 5 * s }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), crash(server), send "GET", recv(2, { fails = "user timeout" }) }
server:serves(80) { recv(3), send "OK", recv_eof(), close() }

finally "everything-closed"
