-- A link takes packets of 1200 octets, and nobody says so: the handshake succeeds and the text never arrives.

scenario {
  title = { en = "Black hole", zh = "MTU 黑洞" },
  question = {
    en = "The connection opens, small requests work, and every large one hangs. Why?",
    zh = "连接能建立，小请求也正常，一发大的就卡住。为什么？",
  },
  about = {
    en = "Path MTU discovery needs ICMP, and somebody on the way filters all of it. SYN, ACK and the short request are small "
      .. "enough; the long text is not, and is dropped without a word, each time that it is repeated, until R2. Nothing tells "
      .. "the sender that size is the trouble. What helps is outside of TCP's rules as RFC 9293 has them: a smaller MSS in "
      .. "the SYN (\"MSS clamping\"), or trying smaller segments by itself (RFC 4821).",
    zh = "路径 MTU 发现离不开 ICMP，而途中有设备把 ICMP 全部过滤了。SYN、ACK 和简短的请求都够小；"
      .. "大段数据不够小，每次重发都被默默丢弃，直到 R2。没有任何迹象告诉发送方问题出在大小。"
      .. "解救之道不在 RFC 9293 的规则之内：在 SYN 中改小 MSS（MSS 钳制），或自行试用更小的报文段（RFC 4821）。",
  },
  source = { "RFC 2923 2.1", "RFC 4821" },
  wireshark = { completeness = "Complete, WITH_DATA (47)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms, mtu = 1200, icmp = false }

client:runs { connect(server, 80), send "PUT", recv(2), send(fill(1400)), recv(2, { fails = "connection timed out" }) }
server:serves(80) { recv(3), send "OK", sleep(5 * min), abort() }

finally({ en = "the request came, and nothing of the text", zh = "请求到了，正文一个字节也没到" }, function (w)
  return w.server.connection(1).received == "PUT"
end)
