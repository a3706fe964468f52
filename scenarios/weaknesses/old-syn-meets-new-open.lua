-- A late copy of a SYN reaches somebody who opens the same ports anew. He and TIME-WAIT acknowledge each other.

scenario {
  title = { en = "An old SYN meets a new OPEN", zh = "旧的 SYN 遇上新的 OPEN" },
  question = {
    en = "A client opens the ports of a connection that lingers at the other end. What if a SYN of that one is still about?",
    zh = "客户端重新打开的端口，对端还停留在旧连接的 TIME-WAIT。旧连接的 SYN 若还滞留在网络中，会怎样？",
  },
  about = {
    en = "Both ends opened at once, exchanged some text and closed; the server lingers. The client opens again from the same "
      .. "port, and its SYN is lost. Then a copy of the server's first SYN arrives, and in SYN-SENT any SYN will do "
      .. "(3.10.7.3, fourth): the client is in SYN-RECEIVED with somebody who was there ten seconds ago. Its SYN,ACK is not "
      .. "what TIME-WAIT waits for and draws an ACK. That ACK doesn't acknowledge the new SYN and should draw a reset; but "
      .. "its sequence number is checked first, lies beyond the client's window, since the server has sent more than that, "
      .. "and draws an ACK, and so on. It ends when one of them is lost, or the client gives up: after three minutes, "
      .. "here after 250 ms. \"synfin explore\" found it, as a schedule from which no other one leads to an end.",
    zh = "两端同时打开，交换了数据，又关闭了；服务器停留在 TIME-WAIT。客户端从同一个端口再次打开，SYN 却丢了。"
      .. "这时服务器第一个 SYN 的副本到了，而 SYN-SENT 来者不拒（3.10.7.3 第四项）：客户端进入 SYN-RECEIVED，"
      .. "对面却是十秒之前的那一位。它的 SYN,ACK 不是 TIME-WAIT 要等的，换来一个 ACK。"
      .. "这个 ACK 没有确认新的 SYN，本应招来 RST；但首先检查的是序列号：服务器发送的数据早已超过客户端的窗口，"
      .. "这个 ACK 落在窗口之外，于是又换来一个 ACK，如此往复。直到丢失一个，或者客户端放弃"
      .. "（至少三分钟，本例为 250 毫秒）。这是 synfin explore 找到的：从那里出发，没有哪个时序能走到终点。",
  },
  source = { "RFC 9293 3.10.7.3, fourth; 3.10.7.4, first" },
  wireshark = {
    completeness = {
      client = { "Complete, WITH_DATA (31)", "Complete, NO_DATA (39)" },
      server = "Complete, WITH_DATA (63)",
    },
    guesses = {
      {
        packet = 17,
        why = {
          en = "It begins another connection between the same ports, with a higher number. Wireshark misses a segment before it.",
          zh = "它开始的是同一对端口上的另一个连接，序列号更高。Wireshark 以为它前面缺了报文段。",
        },
      },
    },
  },
}

local client = host "client" { isn = { 100, 5000000 }, receive_buffer = 1000, r2_syn = 250 * ms }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = server, flags = "SYN", nth = 1, duplicate = 1, spacing = 10 * s }
fate { from = client, flags = "SYN", connection = 2, drop = true }

client:runs {
  connect(server, 80, { from = 50000 }), recv_eof(), close(), wait_closed(),
  sleep_until(9.99 * s),
  connect(server, 80, { from = 50000, fails = "connection timed out" }),
}
server:runs { connect(client, 50000, { from = 80 }), send(fill(3000)), close(), recv_eof() }

expect({ en = "the server is in TIME-WAIT", zh = "服务器在 TIME-WAIT" }, 9 * s, function (w)
  return w.server.connection(1).state == "TIME-WAIT" and w.client.open == 0
end)
expect({ en = "they are at it", zh = "双方你来我往" }, 10.2 * s, function (w)
  return w.client.half_open == 1 and w.in_flight > 0
end)
finally({ en = "the client has given up", zh = "客户端放弃了" }, function (w)
  return w.client.connection(2).timed_out
end)
