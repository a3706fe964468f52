-- Both sides open actively, and their SYNs cross.

scenario {
  title = { en = "Simultaneous open", zh = "同时打开" },
  question = {
    en = "Two SYNs cross: does that make two connections, one, or none?",
    zh = "两个 SYN 在途中相遇：结果是两个连接、一个连接，还是一个也没有？",
  },
  about = {
    en = "One connection, and nobody is the server. Each side meets a bare SYN while it waits for a SYN,ACK, answers by "
      .. "SYN,ACK and enters SYN-RECEIVED. Figure 7 then has the crossed SYN,ACKs open the connection. By the letter of "
      .. "3.10.7.4 they cannot: each SYN was received already, so the SYN,ACK's number lies just below the window "
      .. "(SEG.SEQ=300, RCV.NXT=301) and check one drops it unread, acknowledgment and all. But what is dropped so is "
      .. "answered by an ACK, and that ACK is in the window and acknowledges the SYN: it opens the connection. So six "
      .. "segments and not figure 7's four, a little later, and the same result. Linux accepts the SYN,ACK, as the figure "
      .. "has it.",
    zh = "一个连接，而且没有谁是服务器。双方都在等 SYN,ACK 时遇到一个不带 ACK 的 SYN，于是各答一个 SYN,ACK，进入 SYN-RECEIVED。"
      .. "接下来，图 7 说交错而来的 SYN,ACK 使连接建立。按 3.10.7.4 的字面规定却行不通：对方的 SYN 早已收下，"
      .. "SYN,ACK 的序列号恰好落在接收窗口之下（SEG.SEQ=300，RCV.NXT=301），第一项检查就把它连同确认号一起丢弃了。"
      .. "不过，这样丢弃的报文段要答以 ACK，而这个 ACK 在窗口之内，又确认了对方的 SYN：连接由它建立。"
      .. "所以总共是六个报文段而不是图 7 的四个，稍晚一点，结果相同。Linux 则像图中那样接受 SYN,ACK。",
  },
  source = { "RFC 9293 3.5, figure 7, MUST-10", "RFC 9293 3.10.7.3 (fourth), 3.10.7.4 (first)" },
  needs = "simultaneous-open",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local left = host "left" { isn = 100 }
local right = host "right" { isn = 300 }
link(left, right) { delay = 20 * ms }

left:runs { connect(right, 7000, { from = 6000 }), send "hello", recv(9) }
right:runs { sleep(10 * ms), connect(left, 6000, { from = 7000 }), recv(5), send "hello too" }

expect({ en = "the SYNs have crossed", zh = "两个 SYN 已在途中相遇" }, 31 * ms, function (w)
  return w.left.connection(1).state == "SYN-RECEIVED" and w.right.connection(1).state == "SYN-RECEIVED"
end)
expect({
  en = "the crossed SYN,ACK has opened nothing",
  zh = "交错而来的 SYN,ACK 没有建立任何连接",
}, 51 * ms, function (w)
  return w.left.connection(1).state == "SYN-RECEIVED" and w.right.connection(1).state == "SYN-RECEIVED"
end)
expect({ en = "the ACK that answers it has", zh = "答复它的 ACK 建立了连接" }, 71 * ms, function (w)
  return w.left.connection(1).established and w.right.connection(1).established
end)
finally({ en = "it was one connection, active at both ends", zh = "只有一个连接，两端都是主动打开" }, function (w)
  return w.left.opened == 1 and w.right.opened == 1 and not w.left.connection(1).passive
    and not w.right.connection(1).passive
end)
finally({ en = "each got what the other sent", zh = "双方都收到了对方所发的内容" }, function (w)
  return w.left.connection(1).received == "hello too" and w.right.connection(1).received == "hello"
end)
