-- For "synfin prove-rules": with three segments in flight, the first is lost: only two duplicates come of themselves.

scenario {
  title = { en = "A loss in a small window", zh = "小窗口中的丢失" },
  source = { "RFC 3042 2" },
  needs = "limited-transmit",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 1000, initial_window = 3 }
local server = host "server" { isn = 300, msl = 1 * s, mss = 1000, delayed_ack = 0 }
link(client, server) { delay = 50 * ms }

fate { from = client, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), send(fill(5000)), close(), recv_eof() }
server:serves(80) { recv(5000), recv_eof(), close() }

finally "everything-closed"
