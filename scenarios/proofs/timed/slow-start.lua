-- For "synfin prove-rules": a long transfer begins with ten segments.

scenario {
  title = { en = "How fast does it become?", zh = "能跑多快？" },
  source = { "RFC 5681 3.1" },
  needs = "slow-start",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000 }
link(client, server) { delay = 50 * ms }

client:runs { connect(server, 80), send(fill(100000)), close(), recv_eof() }
server:serves(80) { recv(100000), recv_eof(), close() }

finally "everything-closed"
