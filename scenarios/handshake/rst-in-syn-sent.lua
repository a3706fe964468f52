-- Resets reach a client in SYN-SENT: one without an ACK, one with a wrong one, one with the right one.

scenario {
  title = { en = "RST in SYN-SENT", zh = "SYN-SENT 收到 RST" },
  question = {
    en = "A client in SYN-SENT has no window yet. Which reset may it believe?",
    zh = "SYN-SENT 的客户端还没有接收窗口。什么样的 RST 才可信？",
  },
  about = {
    en = "In every other state a reset is checked by its sequence number. In SYN-SENT there is nothing to check it against, "
      .. "so the acknowledgment takes its place: only who saw the SYN knows its number. A reset without an ACK is ignored, "
      .. "one that acknowledges something else too, and the connection opens. On the second visit the reset acknowledges "
      .. "the SYN, and the attempt ends at once. An attacker who cannot read the line would have to guess one number out "
      .. "of four thousand million.",
    zh = "在其他各状态，RST 靠序列号来检验。SYN-SENT 还没有可供对照的东西，于是改用确认号：只有见过这个 SYN 的人才知道它的序列号。"
      .. "不带 ACK 的 RST 被忽略，确认号不对的也一样，连接照常建立。第二次访问时，RST 确认了 SYN，尝试立即终止。"
      .. "看不到线路的攻击者，要在四十多亿个确认号中猜中一个。",
  },
  source = { "RFC 9293 3.10.7.3 (first, second), 3.5.3" },
  needs = "rst-in-syn-sent-needs-ack",
  wireshark = {
    completeness = {
      attacker = { "Incomplete (36)", "Incomplete (0)" },
      client = "Complete, NO_DATA (39)",
      server = { "Incomplete, ESTABLISHED (7)", "Incomplete (35)" },
    },
  },
}

local attacker = host "attacker"
local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 1 * ms }

client:runs {
  connect(server, 80),
  sleep_until(1 * s),
  connect(server, 80, { fails = "connection reset" }),
}
server:serves(80) {}

attacker:runs {
  sleep(5 * ms),
  note { en = "A reset without an acknowledgment.", zh = "不带确认的 RST。" },
  inject { from = server, to = client, by = attacker, flags = "RST", seq = 0 },
  sleep(5 * ms),
  note { en = "A reset that acknowledges something else.", zh = "确认号不对的 RST。" },
  inject { from = server, to = client, by = attacker, flags = "RST,ACK", seq = 0, ack = client.iss + 5000 },
  sleep_until(1 * s + 10 * ms),
  note { en = "A reset that acknowledges the SYN.", zh = "确认了 SYN 的 RST。" },
  inject { from = server, to = client, by = attacker, flags = "RST,ACK", seq = 0, ack = client.iss + 1 },
}

expect({ en = "neither of the first two ends the attempt", zh = "前两个 RST 都没有终止这次打开" }, 12 * ms, function (w)
  return w.client.connection(1).state == "SYN-SENT"
end)
finally({ en = "the first visit got its connection", zh = "第一次访问建立了连接" }, function (w)
  return w.client.connection(1).established
end)
finally({
  en = "the second was ended by the reset, before any answer",
  zh = "第二次还没等到答复，就被 RST 终止",
}, function (w)
  return not w.client.connection(2).established and w.client.connection(2).resets == 1
end)
finally({ en = "the server's answer to the second met nobody", zh = "服务器对第二次的答复无人接收" }, function (w)
  return w.server.accepted == 1 and w.server.open == 1
end)
