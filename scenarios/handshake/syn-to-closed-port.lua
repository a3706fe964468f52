-- Nobody listens on the port.

scenario {
  title = { en = "SYN to a closed port", zh = "SYN 发往未监听的端口" },
  question = {
    en = "What does \"connection refused\" look like on the wire?",
    zh = "“连接被拒绝”在线路上是什么样子？",
  },
  about = {
    en = "The server's host is up, but nothing listens on port 81. The SYN has no ACK field from which a reset could take "
      .. "its number, so the RST has seq=0 and acknowledges the SYN instead: ack=SEG.SEQ+SEG.LEN, where the SYN counts "
      .. "for one. In SYN-SENT this acknowledgment is what makes a reset believable. The refusal takes one round trip; "
      .. "silence, as from a firewall that drops, would take three minutes. RFC 9293 tells the application \"connection "
      .. "reset\" here (3.10.7.3) and keeps \"refused\" for SYN-RECEIVED; the sockets call it ECONNREFUSED.",
    zh = "服务器主机正常运行，但 81 端口无人监听。SYN 没有确认号可供 RST 用作序列号，所以 RST 的 seq=0，转而确认这个 SYN："
      .. "ack=SEG.SEQ+SEG.LEN，其中 SYN 算一个序列号。在 SYN-SENT 状态，RST 正是凭这个确认号才可信。"
      .. "遭到拒绝只需一个往返；若是防火墙默默丢弃，就要等上三分钟。"
      .. "RFC 9293 在这里告诉应用程序的是“connection reset”（3.10.7.3），“refused”只用于 SYN-RECEIVED；套接字则称之为 ECONNREFUSED。",
  },
  source = { "RFC 9293 3.5.2 (group 1), 3.10.7.1, 3.10.7.3 (second)" },
  needs = "rst-for-unknown-connection",
  wireshark = { completeness = "Incomplete (37)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 81, { fails = "connection reset" }) }
server:serves(80) { recv_eof(), close() } -- another port

expect({ en = "the client knows after one round trip", zh = "一个往返之后，客户端就知道了" }, 41 * ms, function (w)
  return w.client.refused == 1 and w.client.open == 0
end)
finally({ en = "the server has kept nothing", zh = "服务器没有留下任何状态" }, function (w)
  return w.server.opened == 0
end)
