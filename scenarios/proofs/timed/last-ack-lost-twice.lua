-- For "synfin prove-rules": the last ACK is lost twice, and the FIN comes a third time when 2 MSL have passed since the
-- first, but not since the second.

scenario {
  title = { en = "The last ACK, lost twice", zh = "最后一个 ACK 两次丢失" },
  source = { "RFC 9293 3.10.7.4, eighth" },
  needs = "time-wait-restarts-on-fin",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1.25 * s }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 2, drop = true }
fate { from = client, flags = "ACK", nth = 3, drop = true }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), sleep(100 * ms), close() }

finally "everything-closed"
finally "nobody-reset"
