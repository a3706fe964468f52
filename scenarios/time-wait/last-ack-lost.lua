-- The fourth segment of the teardown is lost. TIME-WAIT is there to send it again.

scenario {
  title = { en = "The last ACK is lost", zh = "最后的 ACK 丢失" },
  question = {
    en = "Why doesn't the client close at once after the last ACK?",
    zh = "客户端发出最后的 ACK 之后，为什么不立即关闭？",
  },
  about = {
    en = "The last ACK can be lost, and nobody acknowledges an ACK. The server in LAST-ACK doesn't hear and repeats "
      .. "its FIN. The client is still in TIME-WAIT: it acknowledges again and waits for another 2MSL from now on, "
      .. "for this ACK can be lost, too. Without TIME-WAIT nobody would be there to answer: the FIN would draw an "
      .. "RST, and the server would never learn whether its last data and its FIN had arrived.",
    zh = "最后的 ACK 可能丢失，而 ACK 本身是没有人确认的。处于 LAST-ACK 的服务器迟迟等不到，便重发 FIN。客户端还在 "
      .. "TIME-WAIT：再确认一次，并从此刻起重新等待 2MSL，因为这个 ACK 也可能丢失。若没有 TIME-WAIT，就没有人来答复："
      .. "重发的 FIN 引来的是 RST，服务器永远无法知道自己最后的数据和 FIN 是否送达。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”（2MSL）", "RFC 9293 3.6.1, 3.10.7.4 (eighth, TIME-WAIT)" },
  needs = "time-wait",
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local MSL = 2 * min
local client = host "client" { isn = 100, msl = MSL }
local server = host "server" { isn = 300, msl = MSL }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 2, drop = true } -- the first is the handshake's

client:runs { connect(server, 80), sleep_until(1 * s), close(), wait_closed() }
server:serves(80) { recv_eof(), sleep(60 * ms), close(), wait_closed() }

local fin, again = 1.1 * s, 2.1 * s -- when the server's FIN arrives, and when it does so again

always "synchronized-ends-agree"
expect({ en = "the server waits for the last ACK in vain", zh = "服务器等不到最后的 ACK" }, fin + 100 * ms, function (w)
  return w.server.connection(1).state == "LAST-ACK"
end)
expect({ en = "the client waits in TIME-WAIT", zh = "客户端在 TIME-WAIT 等待" }, fin + 100 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT", {
    en = "nobody is there to acknowledge a FIN that comes again",
    zh = "FIN 再来时，已经没有人来确认",
  }
end)
expect({ en = "the second ACK closes the server", zh = "第二个 ACK 让服务器关闭" }, again + 30 * ms, function (w)
  return w.server.open == 0
end)
expect({
  en = "2MSL begin anew with the repeated FIN",
  zh = "收到重发的 FIN，2MSL 重新计时",
}, fin + 2 * MSL + 1 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT"
end)
expect({ en = "and end 2MSL after it", zh = "从那时起满 2MSL 才结束" }, again + 2 * MSL + 1 * ms, function (w)
  return w.client.open == 0
end)
finally({ en = "the server's close succeeded", zh = "服务器的关闭成功了" }, function (w)
  return w.server.connection(1).resets == 0, {
    en = "its FIN came again and was answered by RST, not by ACK",
    zh = "它重发的 FIN 得到的答复是 RST，而不是 ACK",
  }
end)
