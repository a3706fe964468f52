-- Both ends have filled the other's window, and the first segment of each was lost: their ACKs are outside the window.

scenario {
  title = { en = "Full windows and an ACK storm", zh = "窗口填满与 ACK 风暴" },
  question = {
    en = "Is a bare ACK always inside the window?",
    zh = "单纯的 ACK 总在窗口之内吗？",
  },
  about = {
    en = "Both ends send as much as the other's window permits, and the first segment of each is lost. What follows is "
      .. "reported by an ACK, which carries SND.NXT: the very edge of the other's window, where RCV.NXT =< SEG.SEQ < "
      .. "RCV.NXT+RCV.WND (3.10.7.4, first) no longer holds, since RCV.NXT has not moved. By the letter such an ACK is "
      .. "answered by an ACK, which carries the same kind of number the other way, and so on at the pace of the round trip, "
      .. "until a repetition fills the gap, though nobody forged anything: --without right-edge-takes-acks shows it. "
      .. "\"synfin check\" found it. Since then this TCP takes a bare ACK at the right edge of an open window, too, as "
      .. "MUST-66 wants it of a closed one.",
    zh = "两端都把对方的窗口填满，而各自的第一个报文段都丢了。后面的报文段以 ACK 报告缺口，其序列号是 SND.NXT，"
      .. "正好位于对方窗口的右沿：RCV.NXT 没有前进，RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND（3.10.7.4 第一项）已不成立。"
      .. "按字面规定，这样的 ACK 换来一个 ACK，反方向的号码也是如此，于是按往返时间的节奏往复，直到重传补上缺口，"
      .. "而并没有人伪造什么：用 --without right-edge-takes-acks 可以看到。这是 synfin check 找到的。"
      .. "此后，正如 MUST-66 对关闭的窗口所要求的，这里的 TCP 对打开的窗口也接受位于右沿的单纯 ACK。",
  },
  source = { "RFC 9293 3.10.7.4, first; A.2" },
  needs = "right-edge-takes-acks",
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100, receive_buffer = 200, mss = 100, rto = 300 * ms }
local server = host "server" { isn = 300, receive_buffer = 200, mss = 100, rto = 300 * ms }
link(client, server) { delay = 30 * ms }

fate { from = client, text = true, nth = 1, drop = true }
fate { from = server, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), sleep_until(200 * ms), send(fill(200)), recv(200), close(), recv_eof() }
server:serves(80) { sleep_until(200 * ms), send(fill(200)), recv(200), recv_eof(), close() }

expect({ en = "a quarter of a second after the text was sent, they have calmed down", zh = "数据发出四分之一秒之后，双方已经平静" }, 450 * ms,
  function (w) return w.in_flight == 0 end)
finally({ en = "everything arrived in the end", zh = "最后数据全部到达" }, function (w)
  return #w.client.connection(1).received == 200 and #w.server.connection(1).received == 200
end)
