-- For "synfin prove-rules": both have filled the other's window, and the first segment of each was lost.

scenario {
  title = { en = "Full but for a hole", zh = "只差一个缺口" },
  source = { "RFC 9293 3.10.7.4, first; A.2" },
  needs = "right-edge-takes-acks",
  measure = "segments",
}

local client = host "client" { isn = 100, msl = 1 * s, receive_buffer = 200, mss = 100, rto = 300 * ms }
local server = host "server" { isn = 300, msl = 1 * s, receive_buffer = 200, mss = 100, rto = 300 * ms }
link(client, server) { delay = 30 * ms }

fate { from = client, text = true, nth = 1, drop = true }
fate { from = server, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), sleep_until(200 * ms), send(fill(200)), recv(200), close(), recv_eof() }
server:serves(80) { sleep_until(200 * ms), send(fill(200)), recv(200), recv_eof(), close() }

finally "everything-closed"
