-- A SYN,ACK that acknowledges something else reaches a client in SYN-SENT.

scenario {
  title = { en = "Unacceptable ACK in SYN-SENT", zh = "SYN-SENT 收到不可接受的 ACK" },
  question = {
    en = "A SYN,ACK comes before the server can have answered. How does the client know that it isn't meant?",
    zh = "服务器还来不及应答，就来了一个 SYN,ACK。客户端怎么知道那不是给自己的？",
  },
  about = {
    en = "By its number: the client sent seq=100 and expects ack=101; this one says 91, the answer to a SYN of an earlier "
      .. "life. The client answers by RST with seq=91, the very number that the segment asked for, so that whoever sent it "
      .. "will believe it. And it stays in SYN-SENT, for its own SYN is still under way. Here the RST finds a server that "
      .. "is busy with the real SYN; for that connection 91 is outside the window, and it is dropped. Linux sends its SYN "
      .. "again at once, too.",
    zh = "看确认号：客户端发的是 seq=100，期待 ack=101；这个却写着 91，答的是早先某个连接的 SYN。"
      .. "客户端答以 RST，序列号取 91，也就是那个报文段的确认号，这样它的发送者才会相信。"
      .. "客户端仍停在 SYN-SENT，因为自己的 SYN 还在路上。本例中 RST 到达时，服务器正在处理真正的 SYN；"
      .. "对那个连接来说 91 在窗口之外，于是丢弃。Linux 还会立即重发自己的 SYN。",
  },
  source = { "RFC 9293 3.10.7.3 (first), 3.5.2 (group 2)", "RFC 9293 figure 8" },
  needs = "ack-acceptable-in-syn-sent",
  wireshark = {
    completeness = {
      past = "Incomplete (0)",
      client = "Complete, WITH_DATA (47)",
      server = "Complete, WITH_DATA (47)",
    },
    guesses = {
      {
        packet = { 4, 7 },
        why = {
          en = "The forged #2 has a higher number. What lies below, Wireshark takes for a repetition.",
          zh = "伪造的 #2 序列号更高，低于它的，Wireshark 一概当成重传。",
        },
      },
    },
  },
}

local past = host "past" -- the network gives back what it kept
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
link(past, client) { delay = 1 * ms }

client:runs { connect(server, 80), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }
past:runs {
  sleep(10 * ms),
  inject { from = server, to = client, by = past, flags = "SYN,ACK", seq = 7000, ack = client.iss - 9 },
}

expect({ en = "the open goes on", zh = "这次打开仍在进行" }, 12 * ms, function (w)
  return w.client.connection(1).state == "SYN-SENT"
end)
expect({ en = "and succeeds on its first SYN", zh = "并凭第一个 SYN 成功" }, 41 * ms, function (w)
  return w.client.connection(1).established and w.client.connection(1).irs == 300
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
