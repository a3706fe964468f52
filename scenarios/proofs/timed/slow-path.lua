-- For "synfin prove-rules": the SYN was repeated because the path is slow. Nothing was measured, and the first text
-- must not be repeated, too.

scenario {
  title = { en = "A slow path", zh = "缓慢的路径" },
  source = { "RFC 6298 5.7" },
  needs = "rto-after-repeated-syn",
  measure = "octets",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 1.25 * s }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", recv_eof(), close() }

finally "everything-closed"
