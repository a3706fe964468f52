-- For "synfin explore" and "synfin prove-rules": both sides close as soon as the connection is open.

scenario {
  title = { en = "Both close, in every order of events", zh = "双方关闭的一切时序" },
  source = { "RFC 9293 3.6, figure 13" },
  needs = {
    "closing-leads-to-time-wait",
    "simultaneous-close-waits-for-ack",
    "time-wait",
    "time-wait-syn-must-be-newer",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { close(), recv_eof() }

finally "everything-closed"
finally "nobody-reset"
