-- Figure 8 of RFC 9293: the old SYN and the new one come from the same port.

scenario {
  title = { en = "Stale duplicate SYN, same ports", zh = "滞留的重复 SYN：同一对端口" },
  question = {
    en = "The reload uses the same port: how does the client tell the answer to its old SYN from the one it wants?",
    zh = "刷新时用的是同一个端口：客户端怎样分辨哪个是对旧 SYN 的答复，哪个才是它要的？",
  },
  about = {
    en = "Both SYNs have the same addresses and ports, and the old one overtakes the new one. The server answers it. "
      .. "The client is in SYN-SENT and does wait for a SYN,ACK, but for one with ack = 101: ack = 91 acknowledges "
      .. "something that this connection never sent. It refuses by RST with seq = 91, so that the server believes "
      .. "it; the server goes back to LISTEN, and the new SYN opens the connection as if nothing had been. It isn't "
      .. "the flag ACK that tells the two apart, it is the number.",
    zh = "两个 SYN 的地址和端口完全相同，旧的还赶在了新的前面，服务器便答复了它。客户端正在 SYN-SENT 中等 SYN,ACK，但"
      .. "等的是 ack = 101；ack = 91 确认的是这次连接从未发过的东西。于是它以 seq = 91 的 RST 拒绝，好让服务器认账；"
      .. "服务器回到 LISTEN，新的 SYN 到达后正常建立连接，仿佛什么都没有发生过。分辨二者靠的不是标志位 ACK，而是确认"
      .. "号。",
  },
  source = { "《关于TCP的握手与挥手》“三次握手的意义”", "RFC 9293 3.5.1, figure 8" },
  needs = "ack-acceptable-in-syn-sent",
  wireshark = {
    completeness = {
      client = { "Incomplete, SYN_SENT (1)", "Complete, WITH_DATA (63)" },
      server = { "Incomplete (35)", "Complete, WITH_DATA (31)" },
    },
    guesses = {
      {
        packet = 5,
        why = {
          en = "It begins another connection between the same ports, with a higher number. Wireshark misses a segment before it.",
          zh = "它开始的是同一对端口上的另一个连接，序列号更高。Wireshark 以为它前面缺了报文段。",
        },
      },
    },
  },
}

local client = host "client" { isn = { 90, 100 }, rto = { initial = 3 * s } } -- so that no SYN is repeated meanwhile
local server = host "server" { isn = { 300, 400 } }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", connection = 1, delay = 2.01 * s } -- arrives 10 ms after the new one was sent
fate { from = client, flags = "SYN", connection = 2, delay = 80 * ms }  -- and the new one takes longer than usual

client:runs {
  connect(server, 80, { wait = false, from = 5000 }),
  sleep(2 * s),
  note { en = "the visitor reloads, from the same port", zh = "访客刷新，还是同一个端口" },
  abort(),
  connect(server, 80, { from = 5000 }),
  send "GET /",
  recv(6),
  close(),
  recv_eof(),
}
server:serves(80) { recv(5, { may_fail = true }), send "200 OK", recv_eof(), close() }

always "synchronized-ends-agree"
always "no-ghost-connection"
expect({
  en = "the server answers the old SYN: it can't know better",
  zh = "服务器答复了旧的 SYN：它无从分辨",
}, 2.02 * s, function (w)
  local c = w.server.connection(1)
  return c.state == "SYN-RECEIVED" and c.irs == 90
end)
expect({
  en = "the client refuses that answer and goes on waiting",
  zh = "客户端拒绝这个答复，继续等待",
}, 2.04 * s, function (w)
  return w.client.connection(2).state == "SYN-SENT"
end)
expect({ en = "the RST took the server back to LISTEN", zh = "RST 让服务器回到 LISTEN" }, 2.06 * s, function (w)
  return w.server.open == 0
end)
expect({ en = "the new SYN opens the connection", zh = "新的 SYN 建立了连接" }, 2.13 * s, function (w)
  local c = w.server.connection(2)
  return c.state == "ESTABLISHED" and c.irs == 100 and w.client.connection(2).irs == c.iss
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
