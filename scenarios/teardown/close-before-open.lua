-- CLOSE in SYN-RECEIVED, and text of an earlier connection between the same ports.

scenario {
  title = { en = "Closed before it is open", zh = "尚未建立就已关闭" },
  question = {
    en = "A connection is closed in SYN-RECEIVED. Whose text may its user still read?",
    zh = "连接在 SYN-RECEIVED 中就被关闭，它的用户还可以读谁的数据？",
  },
  about = {
    en = "Both open at once; the left end closes while it is in SYN-RECEIVED, sends its FIN and enters FIN-WAIT-1, as "
      .. "3.10.4 says. Its user may go on reading. Now text arrives that the network had kept since an earlier connection "
      .. "between these ports; the right end begins each connection with the same number, so it fits. In SYN-RECEIVED "
      .. "its ACK, which doesn't acknowledge this SYN, would give it away. But in FIN-WAIT-1 an ACK of what is already "
      .. "acknowledged \"can be ignored\", and the text is taken: by the letter of 3.10.7.4 an end that was closed "
      .. "early is easier to deceive than one that wasn't. RFC 5961 refuses an ACK from further back than the window ever "
      .. "reached. As long as the SYN isn't acknowledged nothing was sent before it, so here that means every ACK of less.",
    zh = "双方同时打开；左端在 SYN-RECEIVED 中就关闭，按 3.10.4 发出 FIN，进入 FIN-WAIT-1，此后它的用户仍可读取。"
      .. "这时到了一段数据，是网络从这对端口的上一个连接扣留至今的；右端每次都用同一个初始序列号，所以序列号对得上。"
      .. "假如还在 SYN-RECEIVED，它的确认号没有确认这一次的 SYN，一查便知。可是在 FIN-WAIT-1 中，重复的确认“可以忽略”，"
      .. "数据则照收不误：按 3.10.7.4 的字面规定，提早关闭的一端反而比没有关闭的更容易受骗。RFC 5961 拒绝落后得超出历来窗口的"
      .. "确认号。SYN 未被确认之前，这个连接没有发过别的东西，所以凡是没有确认到 SYN 的，在这里都算过于陈旧。",
  },
  source = { "RFC 9293 3.10.4; 3.10.7.4, fifth, MAY-12", "RFC 5961 5" },
  needs = "far-too-old-ack-is-refused",
  wireshark = {
    completeness = {
      left = { "Complete, NO_DATA (39)", "Complete, WITH_DATA (31)" },
      right = { "Complete, WITH_DATA (47)", "Complete, NO_DATA (23)" },
    },
    guesses = {
      {
        packet = { 10, 17 },
        why = {
          en = "Two connections have the same ports and share some numbers. To Wireshark they are one, which repeats itself.",
          zh = "先后两个连接端口相同，序列号也有重叠。Wireshark 把它们看成同一个连接在重传。",
        },
      },
    },
  },
}

local left = host "left" { isn = { 100, 900 } }
local right = host "right" { isn = 300 }
link(left, right) { delay = 20 * ms }

fate { from = right, text = true, nth = 1, hold = 1965 * ms }

left:runs {
  connect(right, 7000, { from = 6000 }), sleep(100 * ms), abort(),
  sleep_until(2000 * ms), connect(right, 7000, { from = 6000, wait = false }), wait_state "SYN-RECEIVED", close(),
  note { en = "closed; what arrives can still be read", zh = "已关闭，但到来的数据仍可读取" },
  recv_eof(), wait_closed(),
}
right:runs {
  connect(left, 6000, { from = 7000 }), send "old text", wait_closed(),
  sleep_until(2010 * ms), connect(left, 6000, { from = 7000 }), recv_eof(), close(),
}

finally({ en = "nobody read the text of an earlier connection", zh = "没有人读到上一个连接的数据" }, function (w)
  local received = w.left.connection(2).received
  return received == "", { en = 'the left end read "' .. received .. '"', zh = "左端读到的是“" .. received .. "”" }
end)
finally "everything-closed"
