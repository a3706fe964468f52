-- For "synfin prove-rules": a link takes packets of 1200 octets, and its router says so.

scenario {
  title = { en = "A narrow path", zh = "狭窄的路径" },
  source = { "RFC 1191", "RFC 9293 3.7.2" },
  needs = "packet-too-big-lowers-mss",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms, mtu = 1200 }

client:runs { connect(server, 80), send(fill(2500)), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally "everything-closed"
