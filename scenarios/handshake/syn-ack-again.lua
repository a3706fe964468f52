-- The network delivers the SYN,ACK twice.

scenario {
  title = { en = "SYN,ACK again in ESTABLISHED", zh = "ESTABLISHED 又收到 SYN,ACK" },
  question = {
    en = "The SYN,ACK comes a second time. Is it news, an error, or nothing?",
    zh = "SYN,ACK 第二次到达。这是新消息、是差错，还是什么也不是？",
  },
  about = {
    en = "Perhaps it is a copy that the network made, perhaps the third segment was lost and the server is asking again: the "
      .. "client cannot tell, and need not. The number lies below its window, so it says once more what it expects, and "
      .. "changes nothing. If the third segment was lost, this is the third segment; if not, the server takes it for a "
      .. "duplicate. A reset instead would end a healthy connection because of one old copy: in a synchronized state an "
      .. "unacceptable segment never draws RST. Linux does the same.",
    zh = "也许是网络多复制了一份，也许是第三个报文段丢了、服务器又来催：客户端无从分辨，也不必分辨。"
      .. "它的序列号低于接收窗口，所以客户端只是重申自己期望的序列号，别的什么也不变。"
      .. "若第三个报文段真的丢了，这就是第三个报文段；若没丢，服务器只当它是重复的 ACK。"
      .. "倘若答以 RST，一份旧的副本就会断掉好好的连接：已同步的状态对不可接受的报文段绝不回 RST。Linux 也是如此。",
  },
  source = { "RFC 9293 3.10.7.4, first", "RFC 9293 3.5.2, group 3" },
  needs = "unacceptable-segment-draws-ack-not-rst",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = server, flags = "SYN,ACK", nth = 1, duplicate = 1, spacing = 60 * ms }

client:runs { connect(server, 80), sleep(1 * s), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }

expect({ en = "nothing has changed", zh = "什么都没有变" }, 150 * ms, function (w)
  local c = w.client.connection(1)
  return c.state == "ESTABLISHED" and c.rcv_nxt == 301 and c.snd_una == 101 and c.snd_nxt == 101
end)
expect({ en = "for the server neither", zh = "对服务器也一样" }, 150 * ms, function (w)
  local c = w.server.connection(1)
  return c.state == "ESTABLISHED" and c.rcv_nxt == 101 and c.snd_una == 301
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
