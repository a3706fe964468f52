-- A SYN may reopen TIME-WAIT. It may be an old one.

scenario {
  title = { en = "An old SYN ends TIME-WAIT", zh = "旧的 SYN 终止了 TIME-WAIT" },
  question = {
    en = "A SYN with a higher number may open a new connection out of TIME-WAIT. What if nobody stands behind it?",
    zh = "序列号更高的 SYN 可以直接从 TIME-WAIT 打开新连接。如果它背后已经没有人了呢？",
  },
  about = {
    en = "A client gives up its first attempt, whose SYN is held in the network, and succeeds from the same port with a "
      .. "lower number; the server closes first and lingers in TIME-WAIT. Then the first SYN arrives. Its number is "
      .. "higher than any of the old connection, so the server takes it for a new visit and leaves TIME-WAIT. The client "
      .. "refuses by RST, and no connection is opened; but TIME-WAIT is over after half a second instead of 240. RFC 9293 "
      .. "permits the shortcut only to a TCP that \"returns to TIME-WAIT state if the SYN turns out to be an old "
      .. "duplicate\". This TCP doesn't return: it would have to keep the old connection beside the new one until the "
      .. "handshake is complete. To do without the shortcut isn't enough: the SYN then draws an ACK, the ACK a RST, and that "
      .. "ends TIME-WAIT as well. It stays where resets are ignored too (--set cautious=true).",
    zh = "客户端放弃了第一次尝试，那个 SYN 却滞留在网络中；随后它用同一个端口、较小的序列号连接成功。服务器先关闭，停留在"
      .. " TIME-WAIT。这时第一个 SYN 到了。它的序列号高于旧连接的一切序列号，服务器便当成新的访问，离开了 TIME-WAIT。"
      .. "客户端以 RST 拒绝，连接没有建立；但 TIME-WAIT 只过了半秒就结束了，本该是 240 秒。RFC 9293 只允许这样的 TCP 走"
      .. "捷径：一旦发现那是旧的重复 SYN，就要回到 TIME-WAIT。这里的 TCP 不会回去：要做到这一点，得在新连接完成握手之前"
      .. "一直保留旧连接。光是不走捷径还不够：那个 SYN 会引出 ACK，ACK 又引出 RST，同样终止 TIME-WAIT。只有同时忽略 RST"
      .. "（--set cautious=true），TIME-WAIT 才保得住。",
  },
  source = { "RFC 9293 3.6.1, MAY-2 (2)", "RFC 1122 4.2.2.13" },
}

local cautious = param("cautious", false)
local rules = { "time-wait-takes-newer-syn", "rst-ends-time-wait" }
local client = host "client" { isn = { 900, 100 } }
local server = host "server" { isn = { 300, 700 }, without = cautious and rules or nil }
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
local afterwards = cautious and { en = "it still does after the old SYN", zh = "旧的 SYN 到达之后仍停留" }
  or { en = "the old SYN has ended it", zh = "旧的 SYN 终止了等待" }
expect(afterwards, 1 * s, function (w)
  return (w.server.open == 1) == cautious
end)
finally({ en = "only the second attempt was accepted", zh = "只有第二次尝试被接受" }, function (w)
  return w.server.accepted == 1
end)
