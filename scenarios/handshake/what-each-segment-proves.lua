-- What each side knows of the other after each segment of the handshake.

scenario {
  title = { en = "What each segment proves", zh = "每个报文段证明了什么" },
  question = {
    en = "What does each segment of the handshake prove, and to whom?",
    zh = "三次握手的每个报文段证明了什么？向谁证明？",
  },
  about = {
    en = "The first segment proves to the server that the client can send. The second proves to the client that the "
      .. "server can receive and send. Only the third proves to the server that the client can receive: until then "
      .. "the server's own SYN is unacknowledged. A segment proves something to the side that receives it, and only "
      .. "for that moment; nothing is promised about the next, nor about the data to come. And what TCP is really "
      .. "after are the numbers: in the end each side knows that the other one knows where it begins to count.",
    zh = "第一个报文段向服务器证明：客户端能发送。第二个向客户端证明：服务器能接收，也能发送。第三个才向服务器证明："
      .. "客户端能接收；在此之前，服务器自己的 SYN 还没有得到确认。报文段只向收到它的一方证明，也只证明那一刻，既不保"
      .. "证下一刻，也不保证之后的数据。而 TCP 真正要的是序列号：握手结束时，每一方都确知对方知道自己从哪个数开始计"
      .. "数。",
  },
  source = { "《关于TCP的握手与挥手》“三次握手的作用”“三次握手的意义”", "RFC 9293 3.4.1, 3.5" },
  needs = "three-way-handshake",
  wireshark = { completeness = "Incomplete, ESTABLISHED (7)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs {
  note { en = "knows nothing of the server", zh = "对服务器一无所知" },
  connect(server, 80),
  note { en = "knows: the server can receive, and send", zh = "已知：服务器能接收，也能发送" },
}
server:runs {
  observe { from = server, flags = "SYN,ACK" },
  note { en = "knows: the client can send. Can it receive?", zh = "已知：客户端能发送；能否接收，还不知道" },
}
server:serves(80) { note { en = "knows: the client can receive, too", zh = "已知：客户端也能接收" } }

always "synchronized-ends-agree"
always "no-ghost-connection"
expect({
  en = "before the first segment arrives, neither knows of the other",
  zh = "第一个报文段到达之前，双方互不知晓",
}, 10 * ms, function (w)
  return w.server.open == 0 and w.client.connection(1).irs == 0
end)
expect({ en = "1: the server has heard the client", zh = "1：服务器听到了客户端" }, 30 * ms, function (w)
  return w.server.connection(1).irs == 100
end)
expect({
  en = "1: the server doesn't know yet whether it is heard, and waits",
  zh = "1：服务器还不知道自己能否被听到，仍在等待",
}, 30 * ms, function (w)
  local c = w.server.connection(1)
  return c.snd_una == c.iss and not c.established
end)
expect({
  en = "2: the client was heard, and hears",
  zh = "2：客户端知道自己被听到了，也听得到对方",
}, 50 * ms, function (w)
  local c = w.client.connection(1)
  return c.snd_una == c.iss + 1 and c.irs == 300
end)
expect({
  en = "2: the server still doesn't know whether it is heard",
  zh = "2：服务器仍不知道自己能否被听到",
}, 50 * ms, function (w)
  local c = w.server.connection(1)
  return c.snd_una == c.iss and not c.established
end)
expect({ en = "3: now the server knows, too", zh = "3：现在服务器也知道了" }, 70 * ms, function (w)
  local c = w.server.connection(1)
  return c.snd_una == c.iss + 1 and c.established
end)
