-- The ACK that the first FIN bears belongs to the last data before it.

scenario {
  title = { en = "What the first FIN acknowledges", zh = "第一次挥手确认的是什么" },
  question = {
    en = "The first segment of the teardown has ACK=1 already. Which packet does its ack belong to?",
    zh = "第一次挥手就已经带着 ACK=1，它确认的是哪个包？",
  },
  about = {
    en = "Once a connection is established, its segments have an ack (some RSTs alone don't), and so has the FIN. "
      .. "Here the client closes at the very moment when the server's last data arrives: the FIN carries the "
      .. "acknowledgment of it, and no ACK of its own is sent. You need not trace lines at the edge of a capture to "
      .. "find the packet: the FIN's ack is the seq of that packet plus its length. The timeline names it, too.",
    zh = "连接建立之后，除了某些 RST，报文段都带着确认号，FIN 也一样。这里，服务器的最后一段数据一到，客户端立刻关闭：FIN "
      .. "捎带着对这段数据的确认，不再单独发送 ACK。要找到被确认的包，不必盯着抓包软件边上的连线：FIN 的 ack 就等于那"
      .. "个包的 seq 加上它的长度。时间线上也直接标明了这一点。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”“小总结”", "RFC 9293 3.4, 3.10.7.4 (seventh: MUST-58)" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET /", recv(9), close(), recv_eof() }
server:serves(80) {
  recv(5),
  send "200 ",                    -- bytes 301 to 304
  sleep(300 * ms), send "hello",  -- bytes 305 to 309
  recv_eof(), sleep(60 * ms), close(),
}

always "synchronized-ends-agree"
always "fin-after-all-text"
expect({
  en = "the last data has left, and nobody has acknowledged it",
  zh = "最后的数据已发出，还没有得到确认",
}, 370 * ms, function (w)
  local c = w.server.connection(1)
  return c.snd_nxt == 310 and c.acknowledged == 4 and c.sent == 9
end)
expect({
  en = "the FIN leaves at the moment when that data arrives",
  zh = "那段数据到达之时，FIN 发出",
}, 381 * ms, function (w)
  local c = w.client.connection(1)
  return c.received == "200 hello" and c.state == "FIN-WAIT-1"
end)
expect({
  en = "the data is acknowledged when the FIN arrives, not before",
  zh = "要到 FIN 到达时数据才被确认，此前没有",
}, 399 * ms, function (w)
  local c = w.server.connection(1)
  return c.acknowledged == 4 and c.state == "ESTABLISHED"
end)
expect({ en = "the FIN has acknowledged it: 305 + 5 = 310", zh = "FIN 确认了它：305 + 5 = 310" }, 401 * ms, function (w)
  local c = w.server.connection(1)
  return c.acknowledged == 9 and c.snd_una == 310 and c.state == "CLOSE-WAIT"
end)
