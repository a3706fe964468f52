-- One forged data segment, and the two ends of a connection acknowledge each other without end.

scenario {
  title = { en = "ACK storm", zh = "ACK 风暴" },
  question = {
    en = "RST is never answered by RST. Is an ACK never answered by an ACK?",
    zh = "绝不以 RST 答复 RST。那么 ACK 会不会引来 ACK？",
  },
  about = {
    en = "A bare ACK takes no sequence number; if it did, \"we would wind up ACKing ACKs!\" (RFC 9293 3.5). Yet an ACK whose "
      .. "sequence number is not acceptable is answered by an ACK (3.10.7.4, first), and so is one that acknowledges what "
      .. "was never sent (fifth). An attacker who can read the line slips five octets into the server's stream. The server "
      .. "acknowledges octets that the client has not sent; the client objects by an ACK; its number lies below the "
      .. "server's window by now; the server objects by an ACK. Each answer is correct, and draws the next. It ends when one "
      .. "of them is lost, here the server's sixth, or when the client has objected as often as it may (RFC 5961 section 7: "
      .. "ten times in five seconds here, twice a second in Linux). The client cannot even abort: its RST would "
      .. "lie below the window. When it sends again, its first five octets are taken for duplicates, and the two are in step "
      .. "once more, over a text that nobody sent.",
    zh = "单纯的 ACK 不占序列号，否则“就要去确认 ACK 了”（RFC 9293 3.5）。"
      .. "然而序列号不可接受的 ACK 要以 ACK 答复（3.10.7.4 第一项），确认了从未发送内容的 ACK 也要以 ACK 答复（第五项）。"
      .. "能监听线路的攻击者往服务器的数据流里塞进五个字节。服务器确认了客户端没有发过的字节；客户端以 ACK 表示异议；"
      .. "这个 ACK 的序列号此时已低于服务器的窗口，服务器也以 ACK 表示异议。每个答复都合乎规定，又引出下一个。"
      .. "直到其中一个丢失（本例是服务器的第六个），或者客户端用完了质询 ACK 的限额（RFC 5961 第 7 节：这里五秒内至多十个，"
      .. "Linux 每半秒至多一个），才会停止。"
      .. "客户端甚至无法中止连接：它的 RST 也低于窗口。等它再次发送数据，头五个字节被当作重复丢掉，"
      .. "双方又对上了号，只是服务器读到的内容谁也没有发过。",
  },
  source = { "RFC 9293 3.10.7.4, first and fifth", "L. Joncheray, A Simple Active Attack Against TCP, 1995" },
  wireshark = {
    completeness = {
      client = "Incomplete, DATA (15)",
      server = "Incomplete, DATA (15)",
      attacker = "Incomplete (0)",
    },
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 1 * ms }

fate { from = server, flags = "ACK", nth = 6, drop = true }

client:runs { connect(server, 80), sleep_until(1 * s), send "hello, world" }
server:serves(80) { recv(12) }
attacker:runs {
  sleep_until(100 * ms),
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK",
           seq = server.rcv_nxt, ack = server.snd_nxt, wnd = 65535, text = "EVIL\n" },
}

expect({ en = "the server believes in the five octets", zh = "服务器把那五个字节当真了" }, 350 * ms, function (w)
  return w.server.connection(1).received == "EVIL\n" and w.server.connection(1).foreign_text
end)
expect({ en = "they are still at it", zh = "双方还在你来我往" }, 450 * ms, function (w)
  return w.in_flight == 1
end)
expect({ en = "one loss has ended it", zh = "丢了一个，风暴就停了" }, 900 * ms, function (w)
  return w.in_flight == 0
end)
finally({ en = "the server has read what nobody sent", zh = "服务器读到了谁也没有发过的内容" }, function (w)
  return w.server.connection(1).received == "EVIL\n, world"
end)
