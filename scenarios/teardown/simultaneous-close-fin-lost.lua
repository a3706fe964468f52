-- Both sides close; one FIN arrives, the other is lost.

scenario {
  title = { en = "Simultaneous close, one FIN lost", zh = "同时关闭，丢了一个 FIN" },
  question = {
    en = "Why is there a state CLOSING? Both FINs are out; why not go to TIME-WAIT at once?",
    zh = "为什么要有 CLOSING 状态？两个 FIN 都发出去了，为什么不直接进入 TIME-WAIT？",
  },
  about = {
    en = "Because a FIN that was sent need not have arrived. The client has the server's FIN, and its own is lost: in "
      .. "CLOSING its retransmission timer still runs, and repeats it. In TIME-WAIT nothing is repeated. The two ends of one "
      .. "close go different ways: the server, whose FIN was acknowledged first, is in FIN-WAIT-2 when the client's FIN "
      .. "comes at last.",
    zh = "因为发出去的 FIN 未必到达。客户端收到了服务器的 FIN，自己的却丢了：在 CLOSING 中，它的重传定时器还在走，会重发这个 FIN；"
      .. "而在 TIME-WAIT 中什么都不再重发。同一次关闭，两端走的路并不相同："
      .. "服务器的 FIN 先得到确认，客户端的 FIN 终于到来时，它已在 FIN-WAIT-2。",
  },
  source = { "RFC 9293 3.10.7.4, eighth (FIN-WAIT-1)" },
  needs = "simultaneous-close-waits-for-ack",
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "FIN,ACK", nth = 1, drop = true }

client:runs { connect(server, 80), sleep_until(100 * ms), close(), recv_eof() }
server:serves(80) { sleep_until(100 * ms), close(), recv_eof() }

expect({ en = "the client waits for the ACK of its FIN", zh = "客户端在等对自己 FIN 的 ACK" }, 500 * ms, function (w)
  return w.client.connection(1).state == "CLOSING" and w.server.connection(1).state == "FIN-WAIT-2"
end)
finally({ en = "the server heard the client's FIN", zh = "服务器收到了客户端的 FIN" }, function (w)
  return w.server.connection(1).peer_closed
end)
finally({ en = "both are gone", zh = "两端的连接都已消失" }, function (w)
  return w.client.open == 0 and w.server.open == 0
end)
