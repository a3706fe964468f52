-- The third segment of the handshake is lost, but the client's data carry the same acknowledgment.

scenario {
  title = { en = "Third segment lost, data establish", zh = "第三个报文段丢失，数据来建立连接" },
  question = {
    en = "Must the third segment of the handshake arrive before data can?",
    zh = "第三个报文段必须先到达，数据才能被接收吗？",
  },
  about = {
    en = "It need not. Every segment of an open connection bears an acknowledgment, and the server waits for the "
      .. "acknowledgment of its SYN, not for a segment with a name. The client's first data segment says ack=301 just as "
      .. "the lost one did: it takes the server from SYN-RECEIVED to ESTABLISHED, and its text is delivered in the same "
      .. "step. The loss costs nothing at all. Linux does the same.",
    zh = "不必。连接打开后，每个报文段都带有确认号；服务器等的是对自己 SYN 的确认，而不是某个名叫“第三次握手”的报文段。"
      .. "客户端的第一个数据报文段同样写着 ack=301，与丢失的那个一样：它把服务器从 SYN-RECEIVED 带入 ESTABLISHED，"
      .. "所带的数据也在同一步交付。这次丢失没有任何代价。Linux 也是如此。",
  },
  source = { "RFC 9293 3.10.7.4, fifth", "RFC 9293 figure 6, line 5" },
  needs = "ack-of-syn-opens-connection",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 1, drop = true }

client:runs { connect(server, 80), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }

expect({
  en = "the data established the server, and were delivered",
  zh = "数据使服务器进入 ESTABLISHED，并已交付",
}, 61 * ms, function (w)
  return w.server.connection(1).established and w.server.connection(1).received == "GET /"
end)
expect({
  en = "the answer is there as early as without any loss",
  zh = "答复来得和没有丢失时一样早",
}, 81 * ms, function (w)
  return w.client.connection(1).received == "200 OK"
end)
