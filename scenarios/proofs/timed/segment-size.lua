-- For "synfin prove-rules": whoever never looks at the MSS option sends more segments than the path needs.

scenario {
  title = { en = "Segments as long as the peer permits", zh = "报文段长到对方所允许" },
  source = { "RFC 9293 3.7.1, MUST-16" },
  needs = "mss-option-bounds-segments",
  measure = "segments",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(4000)), close(), recv_eof() }
server:serves(80) { recv(4000), recv_eof(), close() }

finally "everything-closed"
