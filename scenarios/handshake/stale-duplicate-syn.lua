-- A SYN that the network held back arrives after its visitor has given up and come again.

scenario {
  title = { en = "Stale duplicate SYN", zh = "滞留的重复 SYN" },
  question = {
    en = "Why does TCP open with three segments and not with two?",
    zh = "为什么建立连接要三次握手，而不是两次？",
  },
  about = {
    en = "A visitor opens a page; the SYN gets stuck in the network. After two seconds the visitor reloads, from a "
      .. "new port, and is served. Then the old SYN arrives. The server can't know that nobody waits for it any more "
      .. "and answers; but it believes in a connection only when the third segment has come, and what comes is an "
      .. "RST. One page, one visitor. With two segments it would accept a second one. (The client doesn't choose "
      .. "between two SYN,ACKs: each is for a port of its own, and where no connection waits TCP refuses. And the "
      .. "server opens no port: both connections are on its port 80.)",
    zh = "访客打开网页，SYN 却滞留在网络中。两秒后访客刷新，从新的端口重新访问，一切正常。这时旧的 SYN 才到达。服务器"
      .. "无从知道已经没有人在等它，照常应答；但它要等到第三个报文段才承认连接建立，而等来的是 RST。一个页面，一位访"
      .. "客。若只有两次握手，服务器就会接受第二个连接。（客户端并不是在两个 SYN,ACK 里挑一个：它们各去各的端口，没有"
      .. "连接在等的那个，TCP 一律拒绝。服务器也没有另开端口：两个连接都在它的 80 端口上。）",
  },
  source = { "《关于TCP的握手与挥手》“三次握手的意义”", "RFC 9293 3.5, 3.5.1, figure 8" },
  needs = "three-way-handshake",
  wireshark = {
    completeness = {
      client = { "Incomplete (35)", "Complete, WITH_DATA (31)" },
      server = { "Complete, WITH_DATA (31)", "Incomplete (35)" },
    },
  },
}

-- RTO is 3 s, as it used to be (RFC 1122): in the two seconds of this story no SYN is repeated.
local client = host "client" { isn = { 100, 900 }, rto = { initial = 3 * s } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", connection = 1, hold = param("hold", 3 * s) }

client:runs {
  note { en = "the visitor opens the page", zh = "访客打开网页" },
  connect(server, 80, { wait = false }),
  sleep(2 * s),
  note { en = "the visitor has seen nothing for two seconds, and reloads", zh = "两秒了什么都没有，访客刷新页面" },
  abort(),
  connect(server, 80),
  send "GET /",
  recv(6),
  close(),
  recv_eof(),
}

-- Once for each accepted connection. A visitor may vanish.
server:serves(80) {
  note { en = "a visitor is accepted", zh = "接受了一位访客" },
  recv(5, { may_fail = true }),
  sleep(2 * s), -- a page that takes its time
  send "200 OK",
  recv_eof(),
  close(),
}

always "synchronized-ends-agree"
always({ en = "never are two connections open for one page", zh = "绝不为一个页面打开两个连接" }, function (w)
  local open = w.server.open - w.server.half_open
  return open <= 1, open > 1 and {
    en = "the server believes in " .. open .. " connections, and the visitor in one",
    zh = "服务器以为有 " .. open .. " 个连接，访客却只有一个",
  }
end)
finally({ en = "one visitor was served", zh = "只接待了一位访客" }, function (w)
  return w.server.accepted == 1, {
    en = "one page was asked for, and " .. w.server.accepted .. " visitors were accepted",
    zh = "只请求了一个页面，却接待了 " .. w.server.accepted .. " 位访客",
  }
end)
finally({ en = "the visitor got the page", zh = "访客收到了网页" }, function (w)
  return w.client.connection(2).received == "200 OK"
end)
finally({
  en = "each connection has a port of its own at the client, and port 80 at the server",
  zh = "每个连接在客户端各有自己的端口，在服务器都是 80 端口",
}, function (w)
  local first, second = w.client.connection(1), w.client.connection(2)
  return first.local_port ~= second.local_port and first.remote_port == 80 and second.remote_port == 80
end)
finally({ en = "nothing is left", zh = "什么都没有留下" }, function (w)
  return w.client.open + w.server.open == 0
end)

-- What `synfin check` may do to it, on top of the SYN that is held back.
faults { loss = 0.1, duplicate = 0.05, reorder = 0.1, delay = { 0, 50 * ms } }
