-- Where x and y come from. No `isn` is given here: both hosts choose.

scenario {
  title = { en = "Initial sequence numbers", zh = "初始序列号" },
  question = {
    en = "Are x and y random?",
    zh = "x 和 y 是随机的吗？",
  },
  about = {
    en = "They look random to a stranger, and must: who can guess them can forge segments. But they aren't thrown "
      .. "like dice. A clock that ticks every 4 microseconds is added to a keyed hash of both addresses and ports "
      .. "(RFC 6528). The second visit comes from another port and begins somewhere else altogether. The third comes "
      .. "from the first one's port, a second later, and begins exactly 250,000 above it, on either side: the "
      .. "numbers of an earlier connection aren't used again so soon, and its stray segments don't fit into the new "
      .. "one.",
    zh = "在外人看来是随机的，也必须如此：谁能猜中，谁就能伪造报文段。但它们并不是掷骰子掷出来的：每 4 微秒走一格的时"
      .. "钟，加上以密钥对两端地址和端口计算的散列值（RFC 6528）。第二次访问换了端口，起点完全不同；第三次又用第一次"
      .. "的端口，晚了一秒，两端的起点都正好高出 250,000：先前连接用过的序列号不会很快再用，它遗留在网络中的报文段也"
      .. "就混不进新连接。",
  },
  source = { "《关于TCP的握手与挥手》“完整的TCP三次握手传输过程”", "RFC 9293 3.4.1", "RFC 6528 3" },
  needs = "isn-from-clock",
  wireshark = { completeness = "Complete, NO_DATA (39)" },
}

local client = host "client"
local server = host "server"
link(client, server) { delay = 20 * ms }

-- abort() leaves no TIME-WAIT behind, so that the first port can be used again a second later.
client:runs {
  connect(server, 80, { from = 5000 }), sleep_until(0.1 * s), abort(),
  sleep_until(0.2 * s), connect(server, 80, { from = 5001 }), sleep_until(0.3 * s), abort(),
  sleep_until(1 * s), connect(server, 80, { from = 5000 }), sleep_until(1.1 * s), abort(),
}
server:serves(80) { recv_eof { fails = "connection reset" } }

local TICKS_A_SECOND = 250000
local function apart(from, to)
  return (to - from) % 0x100000000
end

always "synchronized-ends-agree"
finally({
  en = "the two directions of a connection count apart from each other",
  zh = "一个连接的两个方向各数各的",
}, function (w)
  return w.client.connection(1).iss ~= w.server.connection(1).iss
end)
finally({
  en = "another port begins somewhere else: the clock alone doesn't tell where",
  zh = "换了端口，起点就不同：单凭时钟推算不出来",
}, function (w)
  return apart(w.client.connection(1).iss, w.client.connection(2).iss) ~= TICKS_A_SECOND // 5
     and apart(w.server.connection(1).iss, w.server.connection(2).iss) ~= TICKS_A_SECOND // 5
end)
finally({
  en = "the same port begins 250,000 higher after a second",
  zh = "同一个端口，一秒之后起点高出 250,000",
}, function (w)
  return apart(w.client.connection(1).iss, w.client.connection(3).iss) == TICKS_A_SECOND
     and apart(w.server.connection(1).iss, w.server.connection(3).iss) == TICKS_A_SECOND
end)
