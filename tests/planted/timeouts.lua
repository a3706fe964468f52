-- The retransmission timeout: doubled while nothing comes, and not measured from what was sent twice.

scenario { title = { en = "The retransmission timeout", zh = "重传超时" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { duplicate = 0.1, heals = 30 * s }

fate { from = client, text = true, nth = 1, drop = true }
fate { from = client, text = true, nth = 2, drop = true }

client:runs { connect(server, 80), send "GET", recv(2), sleep(1 * s), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", recv(3), send "OK", close(), recv_eof() }

expect({ en = "two timeouts have doubled it twice", zh = "两次超时后加倍了两次" }, 3.05 * s, function (w)
  return w.client.connection(1).rto == 4 * s
end)
local down = { en = "one clean round trip brings it down to the minimum", zh = "一次无歧义的往返使它回到最小值" }
expect(down, 4.2 * s, function (w)
  return w.client.connection(1).rto == 1 * s
end)
