-- A receiver with room for six octets, who reads late, and a sender with ten.

scenario { title = { en = "A small window", zh = "小窗口" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, receive_buffer = 6 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.2, heals = 30 * s }

client:runs { connect(server, 80), send "0123456789", recv(2), close(), recv_eof() }
server:serves(80) { sleep(3 * s), recv(10), send "OK", close(), recv_eof() }

always({ en = "no more is in flight than the window and a probe", zh = "在途数据不超过窗口加一个探测字节" }, function (w)
  local c = w.client.connection(1)
  return c.state ~= "ESTABLISHED" or c.snd_nxt - c.snd_una <= math.max(c.snd_wnd, 1)
end)
always({ en = "no more is taken than there is room for", zh = "收下的不超过缓冲区" }, function (w)
  local c = w.server.connection(1)
  return c.state ~= "ESTABLISHED" or c.rcv_nxt - c.irs - 1 - #c.received <= 6
end)
finally "everything-closed"
finally "nobody-reset"
