-- For "synfin prove-rules": the first SYN is lost, and the first text too.

scenario {
  title = { en = "Measured by the echo", zh = "靠回显测量" },
  source = { "RFC 7323 4.1" },
  needs = "round-trip-from-timestamps",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, options = { "timestamps" } }
local server = host "server" { isn = 300, msl = 1 * s, options = { "timestamps" } }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", nth = 1, drop = true }
fate { from = client, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), send "GET", close(), recv_eof() }
server:serves(80) { recv(3), recv_eof(), close() }

finally "everything-closed"
