-- Each option of a host that is its TCP's does something, and the view shows it.
local all = { "window-scale", "sack", "timestamps", "user-timeout" }
local client = host "client" {
  options = all, receive_buffer = 1 * MiB, user_timeout = 150 * s, initial_window = 2, ttl = 9, dscp = 46,
}
local server = host "server" { options = all, delayed_ack = 0, nagle = false, scale = 3, receive_buffer = 100 * KiB }
local dead = host "dead"
local plain = host "plain" { congestion_control = false, delayed_ack = 100 * ms, fin_wait_2 = 10 * s }
local asks = host "asks" { ecn = "ask", keep_alive = { idle = 60 * s, interval = 5 * s, probes = 2 }, plain_syn = 1 }
local takes = host "takes" { ecn = "accept" }
for _, pair in ipairs { { client, server }, { plain, server }, { asks, takes }, { asks, dead } } do
  link(pair[1], pair[2]) { delay = 10 * ms }
end

server:serves(80) { send "a", send "b", recv(1) }
server:serves(81) { recv(2), sleep(60 * s) }
takes:serves(80) { sleep(1 * ms) }
dead:serves(80) { sleep(1 * ms) }
client:runs {
  connect(server, 80), no_delay(true), keep_alive(true), recv(2), send "x", sleep(1 * s), user_timeout(20 * s),
  no_delay(false), keep_alive(false),
}
plain:runs { connect(server, 81), send "xy", sleep(1 * s), sockets_close() }
asks:runs { connect(takes, 80) }
asks:runs { connect(dead, 80), sleep(1 * s), crash(dead), wait_closed() }

expect("what was agreed", 900 * ms, function (w)
  local c, d = w.client.connection(1), w.server.connection(1)
  return c.scaled and c.sack and c.timestamps and c.rcv_scale == 5 and c.snd_scale == 3 and d.rcv_scale == 3
    and c.rcv_wnd > 65535 and c.no_delay and c.keep_alive and c.user_timeout == 150 * s and d.user_timeout == 150 * s
    and d.ts_recent > 0 and c.srtt == 20 * ms and c.soft_error == "" and not c.ecn
end)
expect("what the program changed", 2 * s, function (w)
  local c = w.client.connection(1)
  return c.user_timeout == 20 * s and not c.no_delay and not c.keep_alive
end)
expect("a window of two segments, and what one octet has opened", 900 * ms, function (w)
  local c = w.client.connection(1)
  return c.cwnd == 2 * 1448 + 1 and c.mss == 1460 and c.ssthresh > 1 * MiB
end)
expect("no Nagle, no delay", 41 * ms, function (w)
  return w.client.connection(1).rcv_nxt - w.client.connection(1).irs == 3
end)
expect("the server acknowledges at once", 61 * ms, function (w)
  return w.client.connection(1).acknowledged == 1 and w.plain.connection(1).acknowledged == 2
end)
expect("no congestion window", 500 * ms, function (w) return w.plain.connection(1).cwnd == 0 end)
expect("FIN-WAIT-2", 10 * s, function (w) return w.plain.connection(1).state == "FIN-WAIT-2" end)
expect("and not for ever", 12 * s, function (w) return w.plain.open == 0 end)
expect("ECN", 1 * s, function (w) return w.asks.connection(1).ecn and w.takes.connection(1).ecn end)
expect("two probes are to come", 60 * s, function (w) return w.asks.open == 2 end)
finally("nobody has answered them", function (w)
  return w.asks.connection(2).timed_out and w.asks.connection(1).exists
end)
ends(80 * s)
