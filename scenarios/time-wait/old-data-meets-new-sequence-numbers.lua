-- TIME-WAIT is missing at both ends; sequence numbers from a clock are what is left against old data.

scenario {
  title = { en = "Old data meet new sequence numbers", zh = "旧数据遇上新的序列号" },
  question = {
    en = "Why doesn't every connection simply begin at zero?",
    zh = "为什么不让每个连接都从序列号 0 开始？",
  },
  about = {
    en = "The story of \"Old data of an earlier incarnation\" with hosts that know no TIME-WAIT: the port pair is in use "
      .. "again while a copy of an old segment is still in the network. The clock behind the initial sequence numbers has "
      .. "advanced by 250,000 a second meanwhile, so that the second connection begins far above all that the first one "
      .. "used. The copy lies below the window and is answered by an ACK. If every connection of these two endpoints "
      .. "began at the same number, the copy would fit exactly. TIME-WAIT is certain, for it outwaits the copy; the "
      .. "clock makes a collision unlikely, unless the old connection sent faster than the clock ticks, or lived so long "
      .. "that the numbers came round.",
    zh = "还是“上一个连接的旧数据”的故事，不过两台主机都没有 TIME-WAIT：旧报文段的副本还在网络里，这对端口就又用上了。"
      .. "好在初始序列号背后的时钟每秒前进 25 万，第二个连接的起点远高于第一个连接用过的一切序列号。"
      .. "副本落在窗口之下，只换来一个 ACK。倘若这两个端点之间的每个连接都从同一个序列号开始，副本就会正好对上。"
      .. "TIME-WAIT 是万无一失的，因为它等到副本消失；时钟则只是让冲突变得罕见："
      .. "除非旧连接发得比时钟走得还快，或者存续太久，序列号已经绕了回来。",
  },
  source = { "RFC 9293 3.4.1, MUST-8", "RFC 6528 3" },
  needs = "isn-from-clock",
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { without = "time-wait" }
local server = host "server" { without = "time-wait" }
link(client, server) { delay = 20 * ms }

fate { from = client, connection = 1, text = true, nth = 1, duplicate = 1, spacing = 3 * s }

client:runs { connect(server, 80, { from = 50000 }), send "Ann: 100;", sleep(60 * ms), close() }
client:runs {
  sleep_until(2.9 * s),
  note { en = "The same port again.", zh = "再次使用同一个端口。" },
  connect(server, 80, { from = 50000 }),
  sleep_until(3.045 * s),
  send "Bob: 007;",
  sleep(60 * ms),
  close(),
}
server:serves(80) { recv_eof(), close() }

finally({
  en = "the second connection began above all that the first one used",
  zh = "第二个连接的起点高于第一个连接用过的一切序列号",
}, function (w)
  return w.client.connection(2).iss - w.client.connection(1).snd_nxt > 65535
end)
finally({ en = "Ann was paid once", zh = "Ann 只收到一次钱" }, function (w)
  return w.server.connection(1).received == "Ann: 100;" and w.server.connection(2).received ~= "Ann: 100;"
end)
finally({ en = "Bob was paid", zh = "Bob 收到了钱" }, function (w)
  return w.server.connection(2).received == "Bob: 007;"
end)
