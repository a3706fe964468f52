-- The FIN overtakes the text; when the text comes, the stream has ended.

scenario { title = { en = "A FIN that waits", zh = "等待中的 FIN" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { duplicate = 0.1, heals = 30 * s }

fate { from = client, text = true, nth = 1, hold = 100 * ms }

client:runs { connect(server, 80), send "last", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

local counts = { en = "the held FIN counts when the gap is filled", zh = "缺口补上时，暂存的 FIN 生效" }
expect(counts, 200 * ms, function (w)
  return w.server.connection(1).peer_closed
end)
finally "everything-closed"
