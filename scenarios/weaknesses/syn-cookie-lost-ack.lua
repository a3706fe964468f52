-- What a SYN cookie costs: the options of the SYN, and with a server that speaks first, the visit itself.

scenario {
  title = { en = "Nobody remembers the handshake", zh = "谁也不记得那次握手" },
  question = {
    en = "A server that keeps nothing cannot repeat anything. When does that matter?",
    zh = "什么都不保留的服务器，也就什么都无法重发。这在什么时候要紧？",
  },
  about = {
    en = "The ACK of the handshake is lost. The client is ESTABLISHED and waits for the server's greeting. A server with a "
      .. "half-open connection would repeat its SYN,ACK and hear the ACK again (--set queue=backlog, or cache); this one "
      .. "holds nothing, so that nothing is repeated, and the client waits for ever. A client that speaks first is better off: "
      .. "its first text carries the same ACK (though what arrives before it, out of turn, is reset). The cookie has room for a rough MSS alone: window scale, SACK and "
      .. "timestamps, which the client's SYN offered, are not agreed.",
    zh = "握手的 ACK 丢了。客户端已是 ESTABLISHED，等着服务器先开口。保有半开连接的服务器会重发 SYN,ACK，"
      .. "从而再次得到 ACK（--set queue=backlog 或 cache）；这台服务器什么也没留，也就不重发任何东西，客户端只好一直等下去。"
      .. "先开口的客户端要好些：它的第一段数据带着同样的 ACK（不过抢在它前面到达的报文段会引来 RST）。cookie 里只放得下一个粗略的 MSS："
      .. "客户端 SYN 里提出的窗口扩大、SACK 和时间戳都谈不成。",
  },
  source = { "RFC 4987 3.6" },
  wireshark = {
    completeness = {
      client = "Incomplete, ESTABLISHED (7)",
      server = "Incomplete, CLIENT_ESTABLISHED (3)",
    },
  },
}

local queue = param("queue", "cookies")
local client = host "client" { isn = 100, options = { "window-scale", "sack", "timestamps" } }
local server = host "server" { options = { "window-scale", "sack", "timestamps" }, syn_queue = queue }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 1, drop = true }

client:runs { connect(server, 80), recv(5, { may_fail = true }), close { may_fail = true } }
server:serves(80) { send "HELLO", recv_eof(), close() }

expect({ en = "the client is open, the server is not", zh = "客户端已建立，服务器没有" }, 60 * ms, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.accepted == 0
end)
if queue == "cookies" then
  expect({ en = "nobody ever tells the client", zh = "没有人告诉客户端" }, 9 * min, function (w)
    return w.client.connection(1).state == "ESTABLISHED" and w.server.opened == 0
  end)
  client:runs { sleep(10 * min), note { en = "the user pulls the plug", zh = "用户拔掉电源" }, crash(client) }
else
  finally({ en = "the greeting came", zh = "问候到了" }, function (w)
    return w.client.connection(1).received == "HELLO"
  end)
end
