scenario {
  title = { en = "Linux gives up a SYN early", zh = "Linux 过早放弃 SYN" },
  about = {
    en = [[
      RFC 9293 wants a SYN to be repeated for three minutes at least (MUST-23). Linux repeats it more often in the
      beginning, at 1 2 3 4 5 s, and then with doubled pauses; but after the one at 67 s it sends none, and at 131 s it
      gives up. The path here comes back after two minutes. The SYN that the RFC's host sends at 123 s gets through. The
      Linux host has had a working path for 11 s when it reports that the connection timed out.]],
    zh = [[
      RFC 9293 要求 SYN 至少重传三分钟（MUST-23）。Linux 起初重传得更勤：第 1、2、3、4、5 秒各一次，之后间隔加倍；但在第 67
      秒之后就不再发送，到第 131 秒放弃。这里的线路两分钟后恢复：按 RFC 行事的主机在第 123 秒发出的 SYN 得以到达；而 Linux
      主机报告连接超时的时候，线路恢复可用已有 11 秒。]],
  },
  source = { "RFC 9293 3.8.3 (MUST-23)" },
  question = {
    en = "How long should a host go on trying to open a connection?",
    zh = "主机建立连接时，应当坚持尝试多久？",
  },
  wireshark = {
    completeness = {
      linux = "Incomplete, SYN_SENT (1)",
      server = "Complete, NO_DATA (23)",
      rfc = "Complete, NO_DATA (23)",
    },
  },
}

-- Its options would only fill the picture.
local linux = host "linux" { profile = "linux", isn = 100, options = {} }
local server = host "server" { isn = 300 }
local rfc = host "rfc" { profile = "rfc9293", isn = 500 }
local outage = { delay = 20 * ms, down = { { 0, 2 * min } } }
link(linux, server)(outage)
link(rfc, server)(outage)

server:serves(80) { recv_eof(), close() }
linux:runs { connect(server, 80, { fails = "connection timed out" }) }
rfc:runs { connect(server, 80), close() }

expect({
  en = "the path is there again, and Linux says nothing",
  zh = "线路已恢复，而 Linux 不再发送",
}, 130 * s, function (w)
  return w.rfc.connection(1).established and w.linux.connection(1).state == "SYN-SENT"
end)
finally({ en = "Linux has given up", zh = "Linux 已经放弃" }, function (w)
  return w.linux.connection(1).timed_out and not w.linux.connection(1).established
end)
