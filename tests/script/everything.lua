-- Every option and every step once, and every field of w.
scenario { title = "Everything", about = { zh = "一切" }, question = "What is there?", source = "nowhere" }
local client = host "client" {
  isn = { 1, 2, 3 }, address = { "10.1.1.1", "fd00::1:1" }, ports = { 40000, 40010 }, mss = 500, msl = 1 * s, r2 = 20 * s,
  r2_syn = 30 * s, rto = { initial = 0.5 * s, min = 200 * ms, max = 10 * s }, receive_buffer = 4096, send_buffer = 8192,
  user_timeout = 40 * s, without = { "quiet-time" },
}
local server = host "server" { isn = 7, address = "10.1.1.2", rto = 300 * ms, without = "quiet-time" }
local other = host "the other one"
link(client, server) {
  delay = 20 * ms, jitter = 1 * ms, loss = 0, duplicate = 0.01, duplicate_delay = 1 * ms, reorder = 0.01,
  reorder_delay = 3 * ms, rate = 10 * mbit, queue = 64 * KiB, down = { { 50 * min, 51 * min } },
  burst = { slot = 100 * ms, probability = 0.001, loss = 0.5 },
  back = { delay = 25 * ms, rate = 1 * gbit },
}
link(client, other)
link(server, other) { delay = 500 * us, back = { loss = 0 } }
fate { from = client, to = server, flags = "SYN", connection = 1, nth = 1, text = false, duplicate = 1, spacing = 5 * ms }
fate { from = server, length = 7, delay = 30 * ms }
fate { flags = "FIN,PSH,URG,RST", drop = true }

client:runs {
  note { en = "It begins.", zh = "开始。" },
  sleep(100 * ms), sleep_until(0.2 * s),
  connect(server, 80, { from = 40005, may_fail = false }),
  send "request", recv(7), wait_state "CLOSE-WAIT", recv_eof(), close(), wait_closed(),
  connect(server, 81, { fails = "connection reset" }),
  connect(server, 82), request { times = 3, send = 100, recv = 50 },
  connect(server, 83), send(fill(100), { urgent = true }), sockets_close(), wait_closed(),
  times(2, { connect(server, 84), times(2, { send "ab" }), recv(4), abort() }),
  connect(server, 85), send "x", close(),
}
server:serves(80) { recv(7), send "answers", close(), recv_eof() }
server:serves(82, { backlog = 5 }) { serve { request = 100, response = 50 } }
server:serves(83) { serve("sink", { may_fail = true }) }
server:serves(84) { recv(4), send "abab", recv(1, { fails = "connection reset" }) }
server:runs({ listen(85, { recv_eof(), close() }), sleep(2 * s), unlisten(86, { fails = "connection does not exist" }) },
            { at_boot = false })
other:runs({ sleep(1 * ms) }, { at_boot = true })
other:runs {
  link_down(other, client), sleep(10 * ms), link_up(client, other),
  observe { from = client, to = server, flags = "SYN", connection = 1, nth = 1, text = false, length = 0 },
  sleep(300 * s), crash(other),
}
server:runs { sleep(301 * s), reboot(other), exit() }
always("w can be read", function (w)
  assert(w.now >= 0 and w.in_flight >= 0 and w.host("the other one").name == "the other one")
  for _, name in ipairs { "accepted", "opened", "refused", "open", "half_open" } do assert(w.client[name] >= 0) end
  for i = 1, #w.client.connections do assert(w.client.connections[i].iss == w.client.connection(i).iss) end
  local c = w.client.connection(1)
  for _, name in ipairs { "resets", "sent", "acknowledged", "irs", "snd_una", "snd_nxt", "snd_wnd", "rcv_nxt", "rcv_wnd",
                          "rto", "local_port", "remote_port" } do assert(c[name] >= 0, name) end
  for _, name in ipairs { "exists", "passive", "accepted", "established", "peer_closed", "timed_out", "foreign_text",
                          "urgent" } do
    assert(type(c[name]) == "boolean", name)
  end
  return type(c.state) == "string" and type(c.received) == "string" and w.client.connections[1000] == nil
end)
finally("the first answer came", function (w)
  local c = w.client.connection(1)
  return c.received == "answers" and c.local_port == 40005 and c.iss == 1 and c.state == "CLOSED" and not c.exists
end)
finally "synchronized-ends-agree"
ends(20 * min)
