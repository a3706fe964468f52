-- The second segment of the handshake is lost.

scenario {
  title = { en = "SYN,ACK lost", zh = "SYN,ACK 丢失" },
  question = {
    en = "When the answer to a SYN is lost, who has to repeat what?",
    zh = "对 SYN 的应答丢失后，谁该重发什么？",
  },
  about = {
    en = "The SYN,ACK is lost, and both sides have something unacknowledged: the client its SYN, the server its SYN,ACK. "
      .. "So both repeat. The client's repeated SYN does not help: its number lies below the server's window now, and by "
      .. "the letter of 3.10.7.4 it draws a bare ACK, with which a client in SYN-SENT can do nothing, for it lacks the SYN. "
      .. "The server's own timer saves the handshake. Linux is more helpful: it answers a repeated SYN by the SYN,ACK "
      .. "again; its own timer repeats after 1, 2, 4 s.",
    zh = "SYN,ACK 丢失后，双方都有未被确认的东西：客户端的 SYN，服务器的 SYN,ACK。于是双方都重发。"
      .. "客户端重发的 SYN 其实帮不上忙：它的序列号此时已低于服务器的接收窗口，按 3.10.7.4 的字面规定只能换来一个单纯的 ACK；"
      .. "里面没有 SYN，处于 SYN-SENT 的客户端拿它毫无办法。挽救握手的是服务器自己的定时器。"
      .. "Linux 的做法更体贴：收到重复的 SYN 就再发一次 SYN,ACK；它自己的定时器则在 1、2、4 秒后重发。",
  },
  source = { "RFC 9293 3.10.7.3, 3.10.7.4 (first)", "RFC 6298 5.4" },
  needs = "retransmission",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", nth = 1, delay = 60 * ms } -- else both timers would fire as if by appointment
fate { from = server, flags = "SYN,ACK", nth = 1, drop = true }

client:runs { connect(server, 80), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }

expect({
  en = "after the repeated SYN, and its bare ACK, nothing is gained",
  zh = "重发 SYN 只换来单纯的 ACK，毫无进展",
}, 1 * s + 50 * ms, function (w)
  return w.client.connection(1).state == "SYN-SENT" and w.server.connection(1).state == "SYN-RECEIVED"
end)
expect({
  en = "after the repeated SYN,ACK the connection is open",
  zh = "重发 SYN,ACK 之后，连接建立",
}, 1 * s + 110 * ms, function (w)
  return w.client.connection(1).established and w.server.connection(1).established
end)
finally({ en = "both SYNs made one connection", zh = "两个 SYN 只产生一个连接" }, function (w)
  return w.server.opened == 1 and w.server.accepted == 1
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
