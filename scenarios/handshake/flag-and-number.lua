-- ACK is a flag, ack is a number.

scenario {
  title = { en = "ACK is a flag, ack is a number", zh = "ACK 是标志位，ack 是确认号" },
  question = {
    en = "Does ACK=1 mean \"received\"? And what does the number ack say?",
    zh = "ACK=1 就表示“成功接收”吗？ack 这个数又说明什么？",
  },
  about = {
    en = "SYN, ACK and FIN are flags, seq and ack are numbers. The flag ACK says one thing only: the number in the "
      .. "field ack is meant. The SYN of an active open can't have it, for nothing has been heard yet (when both "
      .. "sides open at once, neither can), and some RSTs don't have it; apart from these, every segment of an "
      .. "established connection does, even one that has nothing new to acknowledge. It is the number that counts: ack is the "
      .. "next byte expected, so all bytes before it have arrived. Here the second of three pieces is lost. The "
      .. "answer to the third piece has ACK=1, too, but its ack still names the first missing byte: ACK=1 isn't "
      .. "\"your segment was received\". When the timer goes off, one segment repeats the second piece and the third: "
      .. "TCP numbers bytes, not segments, and may cut them anew when it repeats them. One number acknowledges both "
      .. "pieces. These numbers, not the handshake, are what makes the data arrive whole and in order.",
    zh = "SYN、ACK、FIN 是标志位，seq 和 ack 是数。标志位 ACK 只说明一件事：ack 字段里的数是有效的。主动打开时发出的 "
      .. "SYN 没有它，因为还什么都没收到（同时打开时，双方的 SYN 都没有），有些 RST 也没有；除此之外，连接建立后的每个"
      .. "报文段都带着它，哪怕没有什么新东西要确认。真正起作用的是确认号：ack 是期望收到的下一个字节，它之前的所有字节"
      .. "都已到齐。这里三段数据中的第二段丢了。对第三段的答复同样 ACK=1，ack 却仍指着第一个缺失的字节：ACK=1 并不等于"
      .. "“你这个报文段收到了”。定时器到期后，第二段和第三段合在一个报文段里重传：TCP 编号的是字节而不是报文段，重传时"
      .. "可以重新切分。一个确认号就同时确认了这两段。保证数据完整、有序送达的，正是这些数，而不是握手本身。",
  },
  source = { "《关于TCP的握手与挥手》“前言”“三次握手”", "RFC 9293 3.1 (Acknowledgment Number, ACK), 3.4" },
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100, nagle = false }  -- or the third piece would wait for the second one's ACK
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 2, drop = true }

client:runs {
  connect(server, 80),
  sleep_until(0.1 * s), send "one, ",   -- bytes 101 to 105
  sleep_until(0.4 * s), send "two, ",   -- bytes 106 to 110: lost
  sleep_until(0.5 * s), send "three.",  -- bytes 111 to 116
}
server:serves(80) { recv(16) }

always "synchronized-ends-agree"
expect({
  en = "ack = x+1: the next byte expected is the first one",
  zh = "ack = x+1：期望的下一个字节就是第一个字节",
}, 90 * ms, function (w)
  return w.server.connection(1).rcv_nxt == 101
end)
expect({ en = "after five bytes ack is five higher", zh = "五个字节之后，ack 增加 5" }, 350 * ms, function (w)
  return w.client.connection(1).snd_una == 106
end)
expect({
  en = "the third piece arrived, and ack still names the first missing byte",
  zh = "第三段已到，ack 仍指着第一个缺失的字节",
}, 550 * ms, function (w)
  return w.server.connection(1).rcv_nxt == 106 and w.client.connection(1).snd_una == 106
end)
expect({
  en = "a server that has sent nothing but its SYN sets ACK=1 without using up numbers",
  zh = "服务器除了 SYN 什么都没发过：带着 ACK=1 的报文段并不消耗序列号",
}, 550 * ms, function (w)
  return w.server.connection(1).snd_nxt == 301
end)
finally({
  en = "when the gap is filled, one number acknowledges both pieces",
  zh = "缺口补上后，一个确认号同时确认两段",
}, function (w)
  return w.client.connection(1).snd_una == 117 and w.server.connection(1).received == "one, two, three."
end)
