-- Something on the way refuses the SYN with an ICMP error, and the attempt is over at once.

scenario {
  title = { en = "Port unreachable ends the opening", zh = "端口不可达，打开即告失败" },
  question = {
    en = "Nobody answers the SYN, but ICMP says why. Must the client go on trying?",
    zh = "没有谁答复 SYN，但 ICMP 说明了原因。客户端还要继续尝试吗？",
  },
  about = {
    en = "A closed port answers with RST; a firewall in front of it may answer with ICMP port unreachable instead. RFC 1122 "
      .. "calls that a hard error: the connection should be aborted. While it is being opened there is nothing to lose, and "
      .. "the user hears at once what he would hear after three minutes of repeated SYNs. Host unreachable, which is soft "
      .. "(MUST-56), is remembered, and the SYN goes out again: routes come back, as this one does.",
    zh = "关闭的端口答以 RST；挡在前面的防火墙则可能答以 ICMP 端口不可达。RFC 1122 把它归为硬差错：应当中止连接。"
      .. "正在打开的连接没有什么可失去，用户立刻得知原委，不必等 SYN 反复重发三分钟。"
      .. "主机不可达属于软差错（MUST-56），只是记下来，SYN 照样重发：路由可能恢复，本例正是如此。",
  },
  source = { "RFC 9293 3.9.2.2", "RFC 5461 2", "RFC 1122 4.2.3.9" },
  needs = "hard-error-ends-opening",
  wireshark = {
    completeness = {
      client = { "Incomplete, SYN_SENT (1)", "Complete, WITH_DATA (31)" },
      server = "Complete, WITH_DATA (31)",
    },
  },
}

local client = host "client" { isn = { 100, 500 } }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", connection = 1, unreachable = "port" }
fate { from = client, flags = "SYN", connection = 2, nth = 1, unreachable = "host" }

client:runs {
  connect(server, 22, { fails = "destination unreachable" }),
  connect(server, 80), send "GET /", recv(6), close(), recv_eof(),
}
server:serves(80) { recv(5), send "200 OK", close() }

expect({ en = "the first attempt is over", zh = "第一次尝试已经结束" }, 30 * ms, function (w)
  return w.client.connection(1).state == "CLOSED"
end)
finally({ en = "the second one came through", zh = "第二次成功了" }, function (w)
  return w.client.connection(2).received == "200 OK"
end)
