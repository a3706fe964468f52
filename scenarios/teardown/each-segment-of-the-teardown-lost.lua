-- Four connections; of each, another segment of the teardown is lost.

scenario {
  title = { en = "Each segment of the teardown lost", zh = "挥手的四个报文段依次丢失" },
  question = {
    en = "Which of the teardown's four segments may be lost, and who repairs it?",
    zh = "挥手的四个报文段，哪一个可以丢？丢了由谁来补救？",
  },
  about = {
    en = "Any of them. A FIN takes a sequence number, so its sender repeats it until it is acknowledged: that repairs the "
      .. "first and the third. A bare ACK takes none and is never repeated for its own sake. If the second is lost, the "
      .. "third, in time, carries the same acknowledgment. If the fourth is lost, the server in LAST-ACK repeats its FIN, "
      .. "and the client is still there to acknowledge it again, and starts its 2 MSL anew: that is one of the two reasons "
      .. "for TIME-WAIT (the other one is to let old segments die out).",
    zh = "哪个都可以丢。FIN 占一个序列号，发送者会一直重发到被确认为止：这补救了第一个和第三个。"
      .. "单纯的 ACK 不占序列号，绝不会自己重发。第二个若丢了，及时到来的第三个带着同样的确认号。"
      .. "第四个若丢了，处于 LAST-ACK 的服务器会重发 FIN，而客户端还在 TIME-WAIT：它再确认一次，2MSL 重新计时。"
      .. "TIME-WAIT 有两个理由，这是其一（另一个是等旧报文段消失）。",
  },
  source = { "RFC 9293 3.6, figure 12", "RFC 9293 3.10.7.4 (fifth, eighth), 3.10.8" },
  needs = "retransmission",
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local client = host "client" { isn = { 100, 200, 300, 400 } }
local server = host "server" { isn = { 500, 600, 700, 800 } }
link(client, server) { delay = 20 * ms }

fate { from = client, connection = 1, flags = "FIN,ACK", nth = 1, drop = true }
fate { from = server, connection = 2, flags = "ACK", nth = 1, drop = true }
fate { from = server, connection = 3, flags = "FIN,ACK", nth = 1, drop = true }
fate { from = client, connection = 4, flags = "ACK", nth = 2, drop = true } -- nth = 1 is the handshake's

client:runs {
  note { en = "The first segment is lost: the client's FIN.", zh = "丢失第一个报文段：客户端的 FIN。" },
  connect(server, 80), close(), recv_eof(),
  sleep_until(10 * s),
  note { en = "The second: the ACK of that FIN.", zh = "丢失第二个：对该 FIN 的 ACK。" },
  connect(server, 80), close(), recv_eof(),
  sleep_until(20 * s),
  note { en = "The third: the server's FIN.", zh = "丢失第三个：服务器的 FIN。" },
  connect(server, 80), close(), recv_eof(),
  sleep_until(30 * s),
  note { en = "The fourth: the ACK of that FIN.", zh = "丢失第四个：对该 FIN 的 ACK。" },
  connect(server, 80), close(), recv_eof(),
}
server:serves(80) { recv_eof(), sleep(100 * ms), close() }

expect({
  en = "1: FIN-WAIT-1 lasts until the FIN is repeated",
  zh = "1：停在 FIN-WAIT-1，直到重发 FIN",
}, 1 * s, function (w)
  return w.client.connection(1).state == "FIN-WAIT-1" and w.server.connection(1).state == "ESTABLISHED"
end)
expect({ en = "2: nothing was repeated", zh = "2：什么都没有重发" }, 10 * s + 900 * ms, function (w)
  return w.client.connection(2).state == "TIME-WAIT" and w.server.open == 0
end)
expect({
  en = "3: LAST-ACK and FIN-WAIT-2 until the FIN is repeated",
  zh = "3：一端 LAST-ACK，一端 FIN-WAIT-2，直到重发 FIN",
}, 21 * s, function (w)
  return w.client.connection(3).state == "FIN-WAIT-2" and w.server.connection(3).state == "LAST-ACK"
end)
expect({
  en = "4: LAST-ACK until the FIN is repeated, TIME-WAIT at the other end",
  zh = "4：停在 LAST-ACK，直到重发 FIN；另一端是 TIME-WAIT",
}, 31 * s, function (w)
  return w.client.connection(4).state == "TIME-WAIT" and w.server.connection(4).state == "LAST-ACK"
end)
expect({ en = "4: the repeated FIN was acknowledged", zh = "4：重发的 FIN 得到了确认" }, 32 * s, function (w)
  return w.server.open == 0
end)
expect({ en = "4: and 2 MSL began anew", zh = "4：2MSL 重新计时" }, 30 * s + 4 * min + 900 * ms, function (w)
  return w.client.connection(3).state == "CLOSED" and w.client.connection(4).state == "TIME-WAIT"
end)
finally({ en = "all four were closed in order", zh = "四个连接都正常关闭" }, function (w)
  for i = 1, 4 do
    local c, v = w.client.connection(i), w.server.connection(i)
    if not (c.peer_closed and v.peer_closed) or c.resets + v.resets > 0 or c.timed_out or v.timed_out then
      return false, { en = "connection " .. i, zh = "连接 " .. i }
    end
  end
  return w.client.open == 0 and w.server.open == 0
end)
