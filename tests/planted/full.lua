-- A sender who takes no notice of windows, and a receiver with room for six octets.

scenario { title = { en = "More than there is room for", zh = "超过窗口的数据" } }

local client = host "client" { isn = 100, without = "window-bounds-sending" }
local server = host "server" { isn = 300, receive_buffer = 6 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 30 * s }

client:runs { connect(server, 80), send "0123456789", recv(2), close(), recv_eof() }
server:serves(80) { sleep(3 * s), recv(10), send "OK", close(), recv_eof() }

always({ en = "no more is taken than there is room for", zh = "收下的不超过缓冲区" }, function (w)
  local c = w.server.connection(1)
  return c.state ~= "ESTABLISHED" or c.rcv_nxt - c.irs - 1 - #c.received <= 6
end)
finally "everything-closed"
