-- The ACK that closed the window arrives behind the one that opened it, and nothing tells which of the two is newer.

scenario {
  title = { en = "An old window with the numbers of the new one", zh = "序列号与新窗口相同的旧窗口" },
  question = {
    en = "Can SND.WL1 and SND.WL2 always tell an old window from a new one?",
    zh = "SND.WL1 和 SND.WL2 总能分清新旧窗口吗？",
  },
  about = {
    en = "The server's buffer is full, and its ACK says so: window 0. It reads, and a second ACK opens the window. Neither "
      .. "carries text and nothing arrived in between, so both have the same sequence number and the same acknowledgment. "
      .. "\"The check here prevents using old segments to update the window\" (3.10.7.4, fifth), but it takes a window "
      .. "when SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK: of two such ACKs the one that arrives last wins. Here it is the "
      .. "older one, and the client waits before a window that is open, until its persist timer sends a probe (MUST-36).",
    zh = "服务器的缓冲区满了，它的 ACK 如实相告：窗口为 0。随后它读取数据，第二个 ACK 打开窗口。两个 ACK 都不带数据，其间也没有收到"
      .. "任何东西，所以序列号相同，确认号也相同。RFC 说“此处的检查防止用旧报文段更新窗口”（3.10.7.4 第五项），可是只要 "
      .. "SND.WL1 = SEG.SEQ 且 SND.WL2 =< SEG.ACK，窗口就会被采用：这样的两个 ACK，后到者为准。这里后到的是旧的那个，"
      .. "于是客户端守着一个敞开的窗口空等，直到坚持定时器发出探测（MUST-36）。",
  },
  source = { "RFC 9293 3.10.7.4, fifth" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100, mss = 100 }
local server = host "server" { isn = 300, mss = 100, receive_buffer = 200 }
link(client, server) { delay = 20 * ms }

fate { from = server, flags = "ACK", nth = 1, hold = 200 * ms }

client:runs { connect(server, 80), send(fill(200)), sleep_until(400 * ms), send(fill(200)), close(), recv_eof() }
server:serves(80) { sleep(50 * ms), recv(400), recv_eof(), close() }

expect({ en = "the server has room, and the client doesn't believe it", zh = "服务器有空间，客户端却不相信" }, 1 * s, function (w)
  return w.server.connection(1).rcv_wnd == 200 and w.client.connection(1).snd_wnd == 0
end)
finally({ en = "everything arrived in the end", zh = "最后数据全部到达" }, function (w)
  return #w.server.connection(1).received == 400
end)
