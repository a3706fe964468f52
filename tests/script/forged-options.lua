-- What inject { } says of options reaches the segment.
local all = { "window-scale", "sack", "timestamps" }
local client = host "client" { isn = 100, options = all }
local server = host "server" { isn = 300, options = all }
link(client, server) { delay = 10 * ms }
server:serves(80) { recv(1), sleep(90 * ms), recv(3) }
client:runs { connect(server, 80), send "a" }
client:runs {
  sleep(100 * ms),
  inject { from = client, to = server, flags = "PSH,ACK", seq = server.rcv_nxt, ack = server.snd_nxt, text = "old",
    timestamps = { val = server.ts_recent - 1, ecr = 0 } },
  inject { from = client, to = server, flags = "PSH,ACK", seq = server.rcv_nxt, ack = server.snd_nxt, text = "new",
    timestamps = { val = server.ts_recent + 5 } },
  inject { from = client, to = server, flags = "SYN", seq = 900, source_port = 7, destination_port = 80, mss = 700,
    scale = 4, sack_permitted = true, timestamps = { val = 77 } },
  observe { from = server, flags = "SYN,ACK" },
  inject { from = client, to = server, flags = "ACK", seq = 901, ack = seen.end_seq, source_port = 7, wnd = 2, text = "four",
    destination_port = 80, timestamps = { val = seen.ts_ecr + 1, ecr = seen.ts_val } },
}
fate { from = server, to = client, flags = "SYN,ACK", nth = 2, drop = true }

expect("the old one is refused, the new one is taken", 150 * ms, function (w)
  return w.server.connection(1).received == "anew"
end)
expect("what the forged SYN offered", 200 * ms, function (w)
  local c = w.server.connection(2)
  return c.established and c.mss == 700 and c.snd_scale == 4 and c.sack and c.timestamps and c.ts_recent == 78
    and c.snd_wnd == 32
end)
ends(1 * s)
