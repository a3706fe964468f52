-- A connection's Diffserv field and hop limit begin as its host's, and change while it is open.
local client = host "client" { ttl = 32, dscp = 8, nagle = false }
local server = host "server"
link(client, server) { delay = 10 * ms }
client:runs {
  connect(server, 80), send "a", diffserv(46), sleep(100 * ms),
  send "b", hop_limit(8), sleep(100 * ms),
  send "c", diffserv(0), close(), recv_eof(),
}
server:serves(80) { recv_eof(), diffserv(10), close() }

local function heard(code_point)
  return function (w) return w.server.connection(1).diffserv_heard == code_point end
end
expect("the host's", 50 * ms, heard(8))
expect("the connection's", 150 * ms, heard(46))
expect("another", 250 * ms, heard(0))
finally("each direction has its own", function (w)
  local c = w.client.connection(1)
  return c.diffserv == 0 and c.hop_limit == 8 and c.diffserv_heard == 10 and w.server.connection(1).diffserv == 10
end)
