-- Three pieces of text and a FIN: what is repeated overlaps what has come.

scenario { title = { en = "Text in pieces", zh = "分成几段的数据" } }

local client = host "client" { isn = 100, nagle = false }
local server = host "server" { isn = { 300, 90000, 180000 } }
link(client, server) { delay = 20 * ms }
faults { loss = 0.2, duplicate = 0.1, reorder = 0.2, heals = 30 * s }

client:runs { connect(server, 80), send "one ", send "two, ", send "three", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally({ en = "every octet was read, in order", zh = "每个字节都按序读到" }, function (w)
  return w.server.connection(1).received == "one two, three"
end)
finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out and not w.server.connection(1).timed_out
end)
finally "everything-closed"
finally "nobody-reset"
