-- For "synfin prove-rules": on a short path a loss is noticed soon, once the round-trip time is known.

scenario {
  title = { en = "A loss on a short path", zh = "短路径上的一次丢失" },
  source = { "RFC 6298 2" },
  needs = "rto-from-round-trip-time",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, rto = { initial = 1 * s, min = 200 * ms } }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", recv_eof(), close() }

finally "everything-closed"
