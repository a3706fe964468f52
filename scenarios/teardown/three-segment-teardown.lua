-- The side that is closed upon has nothing left to say.

scenario {
  title = { en = "Three-segment teardown", zh = "三次挥手" },
  question = {
    en = "Does a connection always close with four segments?",
    zh = "断开连接一定要四次挥手吗？",
  },
  about = {
    en = "Four is what it takes when the second side has something left to do between hearing the FIN and closing. Here it "
      .. "has nothing: the application hears the end of the stream and closes at once, so the ACK that the client's FIN is "
      .. "owed travels on the server's own FIN. The client goes from FIN-WAIT-1 to TIME-WAIT and never sees FIN-WAIT-2. "
      .. "Nothing in TCP counts segments: each FIN must be acknowledged, and any segment's ACK may do it. On Linux "
      .. "the two are merged as well when the application closes at once: the ACK of a FIN is delayed like any other.",
    zh = "只有当后关闭的一方在听到 FIN 与自己关闭之间还有事要做，才需要四个报文段。这里它无事可做："
      .. "应用程序一听到数据流结束就立即关闭，于是欠客户端 FIN 的那个确认就由服务器自己的 FIN 捎带过去。"
      .. "客户端从 FIN-WAIT-1 直接进入 TIME-WAIT，从不经过 FIN-WAIT-2。TCP 并不数报文段："
      .. "每个 FIN 都要得到确认，而任何报文段的确认号都可以做到。"
      .. "在 Linux 上，应用程序若立即关闭，两者同样合并：对 FIN 的确认也照普通的延迟确认处理。",
  },
  source = { "RFC 9293 3.6, 3.10.7.4 (eighth)", "《关于TCP的握手与挥手》“四次挥手”" },
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), sleep_until(100 * ms), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

always({ en = "the client is never in FIN-WAIT-2", zh = "客户端从不经过 FIN-WAIT-2" }, function (w)
  return w.client.connection(1).state ~= "FIN-WAIT-2"
end)
expect({ en = "the server's FIN brought the ACK", zh = "服务器的 FIN 捎来了 ACK" }, 141 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT" and w.client.connection(1).snd_una == 102
end)
expect({
  en = "the third segment ended the server's connection",
  zh = "第三个报文段结束了服务器的连接",
}, 161 * ms, function (w)
  return w.server.open == 0
end)
finally({ en = "both sides heard that the other had closed", zh = "双方都得知对方已关闭" }, function (w)
  return w.client.connection(1).peer_closed and w.server.connection(1).peer_closed
end)
