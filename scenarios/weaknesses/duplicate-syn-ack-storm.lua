-- One late copy of a SYN, and TIME-WAIT and SYN-RECEIVED acknowledge each other without end. Nobody forges anything.

scenario {
  title = { en = "A late SYN and an ACK storm", zh = "迟到的 SYN 与 ACK 风暴" },
  question = {
    en = "Does it take an attacker to make two ends acknowledge each other for ever?",
    zh = "要让两端没完没了地互相确认，非得有攻击者不可吗？",
  },
  about = {
    en = "The visit is over: the client is in TIME-WAIT, the server has forgotten it. A copy of the first SYN arrives, and "
      .. "the server answers by SYN,ACK. The client acknowledges what it knows. Figures 8 and 11 of the RFC promise a reset "
      .. "now, since that ACK does not acknowledge the new SYN. But the sequence number is checked first (3.10.7.4), and the "
      .. "client has sent more than the server's window since that SYN: the ACK lies beyond it, and is answered by an ACK, "
      .. "which is unacceptable to the client, which answers by an ACK. It lasts until a segment is lost or the "
      .. "server gives up, after three minutes as the RFC wants it, here after 300 ms. The limit of RFC 5961 section 7 is one "
      .. "for other ACKs, those of its own challenges; where it counts these, too, as in Linux, each repetition of the "
      .. "SYN,ACK brings a few of them, and no more.",
    zh = "访问已经结束：客户端在 TIME-WAIT，服务器已忘掉这个连接。第一个 SYN 的副本这时到达，服务器答以 SYN,ACK。"
      .. "客户端确认它所知道的号码。按 RFC 图 8 和图 11，这个 ACK 没有确认新的 SYN，应招来 RST。"
      .. "但首先检查的是序列号（3.10.7.4）：自那个 SYN 以来客户端发送的数据已超过服务器的窗口，这个 ACK 落在窗口之外，"
      .. "于是换来一个 ACK；对客户端而言它又不可接受，再换来一个 ACK。直到有一个丢失，"
      .. "或者服务器放弃（RFC 要求至少三分钟，本例为 300 毫秒），才会停止。RFC 5961 第 7 节的限额只管它自己的质询 ACK；"
      .. "若像 Linux 那样把这类 ACK 也算进去，每重传一次 SYN,ACK 就只引出寥寥几个。",
  },
  source = { "RFC 9293 3.10.7.4, first; figures 8 and 11" },
  wireshark = {
    completeness = "Complete, WITH_DATA (63)",
    guesses = {
      {
        packet = 13,
        why = {
          en = "It begins another connection between the same ports, with a higher number. Wireshark misses a segment before it.",
          zh = "它开始的是同一对端口上的另一个连接，序列号更高。Wireshark 以为它前面缺了报文段。",
        },
      },
    },
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = { 300, 500000 }, receive_buffer = 1000, r2_syn = 300 * ms }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", nth = 1, duplicate = 1, spacing = 10 * s }

client:runs { connect(server, 80, { from = 50000 }), send(fill(3000)), close(), recv_eof() }
server:serves(80) { recv(3000), recv_eof(), close() }

expect({ en = "the client is in TIME-WAIT", zh = "客户端在 TIME-WAIT" }, 9 * s, function (w)
  return w.client.connection(1).state == "TIME-WAIT" and w.server.open == 0
end)
expect({ en = "they are at it", zh = "双方你来我往" }, 10.2 * s, function (w)
  return w.server.half_open == 1 and w.in_flight > 0
end)
finally({ en = "nobody was served twice", zh = "没有人被接待两次" }, function (w)
  return w.server.accepted == 1
end)
