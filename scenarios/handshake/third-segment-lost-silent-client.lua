-- The third segment of the handshake is lost, and the client has nothing to say.

scenario {
  title = { en = "Third segment lost, silent client", zh = "第三个报文段丢失，客户端不发数据" },
  question = {
    en = "An ACK is never repeated of its own accord. Who notices that the third segment of the handshake was lost?",
    zh = "ACK 不会主动重发。握手的第三个报文段丢了，由谁来发现？",
  },
  about = {
    en = "The client is ESTABLISHED and believes that all is well; a bare ACK takes no sequence number, so the client has "
      .. "nothing to repeat and no timer. The server is still in SYN-RECEIVED and does have a timer: it repeats its "
      .. "SYN,ACK. That segment lies below the client's window, and an unacceptable segment is answered by an ACK that "
      .. "says what is expected: the third segment again. Here the server speaks first, and its greeting comes one "
      .. "second late.",
    zh = "客户端已是 ESTABLISHED，以为万事大吉：单纯的 ACK 不占序列号，客户端没有可重发的东西，也没有定时器在走。"
      .. "服务器还停在 SYN-RECEIVED，它有定时器：重发 SYN,ACK。这个报文段低于客户端的接收窗口，"
      .. "而不可接受的报文段要以 ACK 答复，说明期望的序列号——这正好又是第三个报文段。"
      .. "本例由服务器先说话，它的问候晚到了一秒。",
  },
  source = { "RFC 9293 3.10.7.4, first", "RFC 9293 3.4" },
  needs = "unacceptable-segment-is-answered",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 1, drop = true }

client:runs { connect(server, 80), recv(5) }
server:serves(80) { send "hello" }

expect({ en = "for a second the two disagree", zh = "有一秒钟，两端的看法不一致" }, 900 * ms, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.connection(1).state == "SYN-RECEIVED"
end)
finally({ en = "the server's application got its connection", zh = "服务器的应用程序得到了连接" }, function (w)
  return w.server.accepted == 1
end)
finally({ en = "the greeting arrived", zh = "问候送到了" }, function (w)
  return w.client.connection(1).received == "hello"
end)
