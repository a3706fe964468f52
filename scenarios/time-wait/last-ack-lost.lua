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
  source = { "the article, TCP四次挥手传输过程 (TIME-WAIT, 2MSL)", "RFC 9293 3.6.1, 3.10.7.4 (eighth, TIME-WAIT)" },
  needs = "time-wait",
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
expect("the server waits for the last ACK in vain", fin + 100 * ms, function (w)
  return w.server.connection(1).state == "LAST-ACK"
end)
expect("the client waits in TIME-WAIT", fin + 100 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT", "nobody is there to acknowledge a FIN that comes again"
end)
expect("the second ACK closes the server", again + 30 * ms, function (w)
  return w.server.open == 0
end)
expect("2MSL begin anew with the repeated FIN", fin + 2 * MSL + 1 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT"
end)
expect("and end 2MSL after it", again + 2 * MSL + 1 * ms, function (w)
  return w.client.open == 0
end)
finally("the server's close succeeded", function (w)
  return w.server.connection(1).resets == 0, "its FIN came again and was answered by RST, not by ACK"
end)
