-- SYN, SYN,ACK, ACK: two hosts agree on where each of them begins to count.

scenario {
  title = { en = "Three-way handshake", zh = "三次握手" },
  question = {
    en = "What is in each of the three segments, and when is either side ESTABLISHED?",
    zh = "三个报文段里各有什么？两端分别在什么时候进入 ESTABLISHED？",
  },
  about = {
    en = "The client makes a TCB and sends SYN with its initial sequence number x. The server answers SYN,ACK with "
      .. "its own number y and ack = x+1. The client acknowledges with ack = y+1. The client is ESTABLISHED when the "
      .. "second segment arrives; the server, in SYN-RECEIVED (many write SYN-RCVD), only when the third does. A SYN "
      .. "takes one sequence number, so that it can be acknowledged like a byte of data; a bare ACK takes none: the "
      .. "first byte of data has the same seq as the third segment.",
    zh = "客户端创建 TCB，发出 SYN，带上自己的初始序列号 x；服务器回以 SYN,ACK，带上自己的序列号 y，且 ack = x+1；客"
      .. "户端再确认，ack = y+1。客户端在第二个报文段到达时进入 ESTABLISHED；服务器停在 SYN-RECEIVED（常写作 "
      .. "SYN-RCVD），要等到第三个报文段到达。SYN 占用一个序列号，因此能像一个字节的数据那样被确认；纯 ACK 不占序列"
      .. "号：第一个数据字节的 seq 与第三个报文段相同。",
  },
  source = { "《关于TCP的握手与挥手》“完整的TCP三次握手传输过程”", "RFC 9293 3.5, figure 6" },
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local x, y = 100, 300
local client = host "client" { isn = x }
local server = host "server" { isn = y }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), sleep(40 * ms), send "GET /" }
server:serves(80) { recv(5) }

always "synchronized-ends-agree"
expect({
  en = "the client has a TCB and waits in SYN-SENT: its SYN took number x",
  zh = "客户端已有 TCB，在 SYN-SENT 等待：它的 SYN 占用了序列号 x",
}, 10 * ms, function (w)
  local c = w.client.connection(1)
  return c.exists and c.state == "SYN-SENT" and c.iss == x and c.snd_nxt == x + 1
end)
expect({ en = "the server has heard of nothing yet", zh = "服务器此时还一无所知" }, 10 * ms, function (w)
  return w.server.open == 0
end)
expect({
  en = "the server is in SYN-RECEIVED and expects x+1",
  zh = "服务器在 SYN-RECEIVED，期望 x+1",
}, 30 * ms, function (w)
  local c = w.server.connection(1)
  return c.state == "SYN-RECEIVED" and c.irs == x and c.rcv_nxt == x + 1 and c.iss == y and c.snd_nxt == y + 1
end)
expect({
  en = "the client is ESTABLISHED first, and expects y+1",
  zh = "客户端先进入 ESTABLISHED，期望 y+1",
}, 50 * ms, function (w)
  local c = w.client.connection(1)
  return c.state == "ESTABLISHED" and c.rcv_nxt == y + 1 and w.server.connection(1).state == "SYN-RECEIVED"
end)
expect({
  en = "the server is not asked to accept before the third segment",
  zh = "第三个报文段到达之前，服务器的应用还得不到连接",
}, 50 * ms, function (w)
  return w.server.accepted == 0
end)
expect({
  en = "the third segment establishes the server",
  zh = "第三个报文段使服务器进入 ESTABLISHED",
}, 70 * ms, function (w)
  return w.server.connection(1).state == "ESTABLISHED" and w.server.accepted == 1
end)
expect({ en = "the third segment took no sequence number", zh = "第三个报文段不占序列号" }, 70 * ms, function (w)
  return w.client.connection(1).snd_nxt == x + 1
end)
finally({ en = "data can flow now", zh = "现在可以传数据了" }, function (w)
  return w.server.connection(1).received == "GET /"
end)
