-- For "synfin prove-rules": a loss must not look like a slow path, or the next loss is noticed late.

scenario {
  title = { en = "A loss, and another one later", zh = "先后两次丢失" },
  source = { "RFC 6298 3, MUST-18" },
  needs = "no-sample-from-repeats",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, rto = { initial = 1 * s, min = 200 * ms } }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms }

fate { from = client, length = 1, nth = 1, drop = true }
fate { from = client, length = 1, nth = 2, drop = true }
fate { from = client, length = 3, nth = 1, drop = true }

client:runs { connect(server, 80), send "a", recv(1), send "bb", recv(1), send "ccc", recv(1), close(), recv_eof() }
server:serves(80) { recv(1), send "A", recv(2), send "B", recv(3), send "C", recv_eof(), close() }

finally "everything-closed"
