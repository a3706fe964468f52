-- For "synfin prove-rules": three segments of one window are lost, and there is no SACK.

scenario {
  title = { en = "Three losses in one window", zh = "同一窗口中的三处丢失" },
  source = { "RFC 5681 3.2", "RFC 6582 3.2" },
  needs = { "fast-retransmit", "partial-ack-repeats-in-recovery" },
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000, initial_window = 20 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000 }
link(client, server) { delay = 50 * ms }

fate { from = client, text = true, nth = 3, drop = true }
fate { from = client, text = true, nth = 7, drop = true }
fate { from = client, text = true, nth = 11, drop = true }

client:runs { connect(server, 80), send(fill(20000)), close(), recv_eof() }
server:serves(80) { recv(20000), recv_eof(), close() }

finally "everything-closed"
