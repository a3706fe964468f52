-- No acknowledgment of the server's SYN ever arrives, and the server gives up.

scenario {
  title = { en = "Every third segment lost", zh = "第三个报文段次次丢失" },
  question = {
    en = "Can one side be connected to a side that never was?",
    zh = "一方自认为已经连接，另一方却从未连接过，可能吗？",
  },
  about = {
    en = "The client hears every SYN,ACK and is ESTABLISHED; each of its ACKs is lost. After three minutes the server gives "
      .. "up and forgets, and tells nobody: its application never had a connection, and the network would not carry a "
      .. "word to the client anyway. The client's connection is half-open, and stays so for as long as the client is silent. "
      .. "Its first data find out: the server knows no such connection and answers by RST. No number of further segments "
      .. "would cure this; whoever sends the last one can never know that it arrived.",
    zh = "客户端每个 SYN,ACK 都收到了，处于 ESTABLISHED；它的 ACK 却个个丢失。三分钟后服务器放弃并忘掉一切，也不通知谁："
      .. "它的应用程序从未得到过这个连接，何况此刻也没有什么能送到客户端。客户端的连接成了半开连接，"
      .. "只要它不说话，就一直如此。直到第一次发送数据才真相大白：服务器查无此连接，答以 RST。"
      .. "再多几次握手也治不好这一点：最后一个报文段的发送者永远无法知道它是否到达。",
  },
  source = { "RFC 9293 3.5.1, 3.10.7.2 (second)", "RFC 9293 3.8.3" },
  needs = "listen-answers-ack-with-rst",
  wireshark = { completeness = { client = "Complete, WITH_DATA (47)", server = "Incomplete (43)" } },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", text = false, drop = true }

client:runs {
  connect(server, 80),
  sleep_until(200 * s),
  note { en = "Only now the client has something to say.", zh = "客户端这时才有话要说。" },
  send "GET /",
  recv(1, { fails = "connection reset" }),
}
server:serves(80) { recv(5), send "200 OK", close() }

expect({ en = "the client believes, the server waits", zh = "客户端信以为真，服务器还在等" }, 100 * s, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.connection(1).state == "SYN-RECEIVED"
end)
expect({
  en = "the server has given up, the client is half-open",
  zh = "服务器已经放弃，客户端成了半开连接",
}, 190 * s, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.open == 0
end)
expect({
  en = "the first data are refused within a round trip",
  zh = "第一次发数据，一个往返之内就遭拒绝",
}, 200 * s + 41 * ms, function (w)
  return w.client.open == 0 and w.client.connection(1).resets == 1
end)
finally({ en = "the server's application never saw a connection", zh = "服务器的应用程序从未见到过连接" }, function (w)
  return w.server.accepted == 0
end)
