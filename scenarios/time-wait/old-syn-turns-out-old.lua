-- A SYN may reopen TIME-WAIT. When it turns out to be an old one, TIME-WAIT goes on.

scenario {
  title = { en = "An old SYN in TIME-WAIT", zh = "TIME-WAIT 遇上旧的 SYN" },
  question = {
    en = "A SYN with a higher number may open a new connection out of TIME-WAIT. What if nobody stands behind it?",
    zh = "序列号更高的 SYN 可以直接从 TIME-WAIT 打开新连接。如果它背后已经没有人了呢？",
  },
  about = {
    en = "A client gives up its first attempt, whose SYN is held in the network, and succeeds from the same port with a "
      .. "lower number; the server closes first and lingers in TIME-WAIT. Then the first SYN arrives. Its number is higher "
      .. "than any of the old connection, so the server takes it for a new visit and answers. The client refuses by RST. "
      .. "RFC 9293 permits the shortcut only to a TCP that \"returns to TIME-WAIT state if the SYN turns out to be an old "
      .. "duplicate\": TIME-WAIT stays behind the new connection until that is established, and its 240 seconds run on. "
      .. "Without the rule it is over after half a second. To do without the shortcut instead wouldn't help: the SYN then "
      .. "draws an ACK, the ACK a reset, and that one ends TIME-WAIT as well.",
    zh = "客户端放弃了第一次尝试，那个 SYN 却滞留在网络中；随后它用同一个端口、较小的序列号连接成功。服务器先关闭，停留在"
      .. " TIME-WAIT。这时第一个 SYN 到了。它的序列号高于旧连接的一切序列号，服务器便当成新的访问，作了答复；客户端以 RST"
      .. " 拒绝。RFC 9293 只允许这样的 TCP 走捷径：一旦发现那是旧的重复 SYN，就要回到 TIME-WAIT。"
      .. "所以在新连接建立之前，TIME-WAIT 一直保留在它背后，240 秒照常计时。没有这条规则，等待只过半秒就结束了。"
      .. "干脆不走捷径也无济于事：那个 SYN 会引出 ACK，ACK 又引出 RST，同样终止 TIME-WAIT。",
  },
  source = { "RFC 9293 3.6.1, MAY-2 (2)", "RFC 1122 4.2.2.13" },
  needs = "time-wait-returns-after-old-syn",
  wireshark = {
    completeness = {
      client = { "Incomplete, SYN_SENT (1)", "Complete, NO_DATA (55)" },
      server = { "Complete, NO_DATA (23)", "Incomplete (35)" },
    },
    guesses = {
      {
        packet = 8,
        why = {
          en = "It begins another connection between the same ports, with a higher number. Wireshark misses a segment before it.",
          zh = "它开始的是同一对端口上的另一个连接，序列号更高。Wireshark 以为它前面缺了报文段。",
        },
      },
    },
  },
}

local client = host "client" { isn = { 900, 100 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 10 * ms }

fate { from = client, flags = "SYN", nth = 1, hold = 500 * ms }

client:runs {
  connect(server, 80, { from = 5000, wait = false }), abort(),
  sleep(10 * ms),
  connect(server, 80, { from = 5000 }), recv_eof(), close(),
}
server:serves(80) { close(), recv_eof() }

expect({ en = "the server lingers", zh = "服务器停留在 TIME-WAIT" }, 400 * ms, function (w)
  return w.server.connection(1).state == "TIME-WAIT"
end)
expect({ en = "it still does after the old SYN", zh = "旧的 SYN 到达之后仍停留" }, 1 * s, function (w)
  return w.server.connection(1).state == "TIME-WAIT" and w.server.open == 1
end)
finally({ en = "only the second attempt was accepted", zh = "只有第二次尝试被接受" }, function (w)
  return w.server.accepted == 1
end)
