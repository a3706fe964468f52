-- For "synfin prove-rules": an early loss has halved the window; the rest of the transfer is long.

scenario {
  title = { en = "Growing again after a loss", zh = "丢失之后重新增长" },
  source = { "RFC 5681 3.1" },
  needs = "congestion-avoidance",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000, initial_window = 4 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000 }
link(client, server) { delay = 50 * ms }

fate { from = client, text = true, nth = 5, drop = true }

client:runs { connect(server, 80), send(fill(100000)), close(), recv_eof() }
server:serves(80) { recv(100000), recv_eof(), close() }

finally "everything-closed"
