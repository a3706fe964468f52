-- For "synfin prove-rules": five segments of one window are lost, each apart from the others.

scenario {
  title = { en = "Five holes in one window", zh = "同一窗口中的五个缺口" },
  source = { "RFC 2018 4", "RFC 6675 5" },
  needs = { "held-text-is-reported", "sack-steers-repeats" },
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, options = { "sack" }, mss = 1000, initial_window = 20 }
local server = host "server" { isn = 300, msl = 1 * s, options = { "sack" }, mss = 1000 }
link(client, server) { delay = 50 * ms }

fate { from = client, text = true, nth = 2, drop = true }
fate { from = client, text = true, nth = 4, drop = true }
fate { from = client, text = true, nth = 6, drop = true }
fate { from = client, text = true, nth = 8, drop = true }

client:runs { connect(server, 80), send(fill(20000)), close(), recv_eof() }
server:serves(80) { recv(20000), recv_eof(), close() }

finally "everything-closed"
