-- FIN,ACK; ACK; FIN,ACK; ACK: each direction is closed for itself.

scenario {
  title = { en = "Four-segment teardown", zh = "四次挥手" },
  question = {
    en = "What is in each of the four segments, and which states do both sides go through?",
    zh = "四个报文段里各有什么？两端依次经过哪些状态？",
  },
  about = {
    en = "The client closes: FIN with seq = u, the number after its last byte of data, not a random one. The server "
      .. "acknowledges with ack = u+1 and tells its application, which takes a moment; then it closes, too, and its "
      .. "FIN is acknowledged. A FIN takes one sequence number, a bare ACK none. The server is CLOSED as soon as the "
      .. "last ACK arrives. The client waits for 2MSL in TIME-WAIT before it deletes its TCB. It is the side that "
      .. "closes first that waits, be it client or server.",
    zh = "客户端关闭：发出 FIN，seq = u，是它最后一个数据字节的下一个序列号，并非随机。服务器以 ack = u+1 确认，并通"
      .. "知应用；应用过了片刻才关闭，服务器发出自己的 FIN，再由客户端确认。FIN 占用一个序列号，纯 ACK 不占。最后的 "
      .. "ACK 一到，服务器立即 CLOSED；客户端要在 TIME-WAIT 等待 2MSL，才撤销 TCB。等待的总是先关闭的一方，无论它是客"
      .. "户端还是服务器。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”", "RFC 9293 3.6, figure 12" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local u, v = 106, 307 -- behind "GET /" and "200 OK"
local MSL = 2 * min
local client = host "client" { isn = 100, msl = MSL }
local server = host "server" { isn = 300, msl = MSL }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80),
  send "GET /",
  recv(6),
  sleep_until(1 * s),
  close(),
  recv_eof(),
  wait_closed(),
}
server:serves(80) { recv(5), send "200 OK", recv_eof(), sleep(60 * ms), close(), wait_closed() }

always "synchronized-ends-agree"
always "fin-after-all-text"
expect({
  en = "before: u and v are the next numbers of either side",
  zh = "之前：u 和 v 是两端各自的下一个序列号",
}, 0.99 * s, function (w)
  return w.client.connection(1).snd_nxt == u and w.server.connection(1).snd_nxt == v
end)
expect({
  en = "1: the client is in FIN-WAIT-1, and its FIN took number u",
  zh = "1：客户端进入 FIN-WAIT-1，FIN 占用了序列号 u",
}, 1.01 * s, function (w)
  local c = w.client.connection(1)
  return c.state == "FIN-WAIT-1" and c.snd_nxt == u + 1 and c.snd_una == u
end)
expect({
  en = "2: the server is in CLOSE-WAIT, and its ACK took no number",
  zh = "2：服务器进入 CLOSE-WAIT，它的 ACK 不占序列号",
}, 1.03 * s, function (w)
  local c = w.server.connection(1)
  return c.state == "CLOSE-WAIT" and c.rcv_nxt == u + 1 and c.snd_nxt == v
end)
expect({ en = "2: the client is in FIN-WAIT-2", zh = "2：客户端进入 FIN-WAIT-2" }, 1.05 * s, function (w)
  local c = w.client.connection(1)
  return c.state == "FIN-WAIT-2" and c.snd_una == u + 1
end)
expect({ en = "3: the server is in LAST-ACK", zh = "3：服务器进入 LAST-ACK" }, 1.09 * s, function (w)
  return w.server.connection(1).state == "LAST-ACK"
end)
expect({
  en = "4: the client is in TIME-WAIT: seq = u+1, ack = f+1; the server waits for it",
  zh = "4：客户端进入 TIME-WAIT：seq = u+1，ack = f+1；服务器正等着它",
}, 1.11 * s, function (w)
  local c = w.client.connection(1)
  return c.state == "TIME-WAIT" and c.snd_nxt == u + 1 and c.rcv_nxt == v + 1
     and w.server.connection(1).state == "LAST-ACK"
end)
expect({
  en = "4: the server is CLOSED at once, the client isn't",
  zh = "4：服务器立即 CLOSED，客户端还没有",
}, 1.13 * s, function (w)
  return w.server.open == 0 and w.client.connection(1).state == "TIME-WAIT"
end)
expect({
  en = "the client still waits just before 2MSL are over",
  zh = "2MSL 将满时，客户端仍在等待",
}, 1.1 * s + 2 * MSL - 1 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT"
end)
expect({ en = "after 2MSL its TCB is gone", zh = "2MSL 之后，TCB 撤销" }, 1.1 * s + 2 * MSL + 1 * ms, function (w)
  return w.client.open == 0 and w.client.connection(1).state == "CLOSED"
end)
finally "nobody-reset"
