-- A SYN in the window is harmless in every synchronized state. SYN-RECEIVED isn't one.

scenario {
  title = { en = "One SYN undoes a handshake", zh = "一个 SYN 毁掉一次握手" },
  question = {
    en = "RFC 5961 has made SYNs in the window harmless. In every state?",
    zh = "RFC 5961 让窗口内的 SYN 不再有害。在每个状态都是如此吗？",
  },
  about = {
    en = "The server has answered the client's SYN and waits for the third segment. A forged SYN arrives whose number is a "
      .. "guess, and lies somewhere in the window. In a synchronized state it would draw a challenge ACK and change nothing. "
      .. "But after a passive OPEN, SYN-RECEIVED returns to LISTEN (3.10.7.4, fourth): the rule means a peer who has started "
      .. "anew and whose first SYN is stale. The client is ESTABLISHED already; its ACK reaches a listener, which answers by "
      .. "RST, and the client's connection, open for one round trip, is reset. With --set challenge=true the server holds on "
      .. "to the first SYN and challenges the second, as it would a moment later; a peer who has started anew answers that by "
      .. "RST and gets through when it repeats its SYN, as it does either way. So the rule saves two segments, and costs this. The window is 65535 wide: "
      .. "one guess in 65,537 does it.",
    zh = "服务器已答复客户端的 SYN，正在等第三个报文段。这时来了一个伪造的 SYN，序列号是猜的，正好落在窗口之内。"
      .. "在已同步的状态，它只会引出挑战 ACK，什么也改变不了。可是由被动打开而来的 SYN-RECEIVED 会回到 LISTEN"
      .. "（3.10.7.4 第四项）：这条规则想的是对方重新开始了，先前那个 SYN 已经过时。而客户端此时已是 ESTABLISHED；"
      .. "它的 ACK 到了监听者那里，换来一个 RST，刚打开一个往返时间的连接就被重置了。"
      .. "加上 --set challenge=true，服务器抱住第一个 SYN，对第二个回以挑战 ACK，就像片刻之后会做的那样；"
      .. "真正重新开始的对方会以 RST 答复，等它重发 SYN 就能接通，两种做法都是如此。可见这条规则省下两个报文段，代价却在这里。"
      .. "窗口宽 65535，平均每 65537 次猜测就有一次得逞。",
  },
  source = { "RFC 9293 3.10.7.4, fourth", "RFC 5961 4" },
  wireshark = {
    completeness = {
      client = "Complete, NO_DATA (39)",
      server = { "Incomplete, CLIENT_ESTABLISHED (3)", "Incomplete (37)" },
      attacker = "Incomplete, SYN_SENT (1)",
    },
  },
}

local challenge = param("challenge", false)
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, without = challenge and "newer-syn-returns-to-listen" or nil }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 1 * ms }

client:runs { connect(server, 80, { from = 5000 }), recv(2, not challenge and { fails = "connection reset" } or nil) }
server:serves(80) { send "OK" }
attacker:runs {
  sleep_until(30 * ms),
  inject { from = client, to = server, by = attacker, flags = "SYN", seq = 40000, source_port = 5000,
           destination_port = 80 },
}

local outcome = challenge and { en = "the client has what it came for", zh = "客户端得到了它要的" }
  or { en = "the client was connected, and then reset", zh = "客户端先连上，随后被重置" }
finally(outcome, function (w)
  local connection = w.client.connection(1)
  return connection.established and (challenge and connection.received == "OK" or connection.resets == 1)
end)
