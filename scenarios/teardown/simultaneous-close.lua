-- Both sides close, and their FINs cross.

scenario {
  title = { en = "Simultaneous close", zh = "同时关闭" },
  question = {
    en = "Two FINs cross: which side lingers in TIME-WAIT?",
    zh = "两个 FIN 在途中相遇：由哪一方进入 TIME-WAIT？",
  },
  about = {
    en = "Both. Each side closed first, as far as it knows: it has sent a FIN, and the FIN that it gets does not "
      .. "acknowledge it. So each answers by an ACK and waits in CLOSING for the other's ACK, then lingers for 2 MSL, for "
      .. "its own last ACK may have been lost. It is a popular error that TIME-WAIT is the client's state: it belongs to "
      .. "whoever sent a FIN before it heard one. RFC 9293 contradicts itself here: the text of 3.6, case 3, has both sides "
      .. "delete the connection upon the ACK; figure 13 and 3.10.7.4 have TIME-WAIT, and so has every TCP.",
    zh = "双方都要。就各自所知，双方都是先关闭的一方：FIN 已经发出，而收到的 FIN 并未确认它。"
      .. "于是各答一个 ACK，在 CLOSING 等待对方的 ACK，然后停留 2MSL，因为自己最后的 ACK 也可能丢失。"
      .. "常有人误以为 TIME-WAIT 是客户端的状态：其实谁在听到对方的 FIN 之前就发出 FIN，它就属于谁。"
      .. "RFC 9293 在此自相矛盾：3.6 情形 3 的文字说双方收到 ACK 就删除连接，图 13 和 3.10.7.4 却是 TIME-WAIT，各种实现也都如此。",
  },
  source = { "RFC 9293 3.6 (case 3), figure 13", "RFC 9293 3.10.7.4 (fifth, eighth)" },
  needs = "closing-leads-to-time-wait",
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), sleep_until(100 * ms), close(), recv_eof() }
server:serves(80) { sleep_until(100 * ms), close(), recv_eof() }

expect({
  en = "both have closed, and neither has heard of it",
  zh = "双方都已关闭，彼此还不知道",
}, 110 * ms, function (w)
  return w.client.connection(1).state == "FIN-WAIT-1" and w.server.connection(1).state == "FIN-WAIT-1"
end)
expect({ en = "both are CLOSING", zh = "双方都在 CLOSING" }, 130 * ms, function (w)
  return w.client.connection(1).state == "CLOSING" and w.server.connection(1).state == "CLOSING"
end)
expect({ en = "both linger", zh = "双方都在 TIME-WAIT 等待" }, 150 * ms, function (w)
  return w.client.connection(1).state == "TIME-WAIT" and w.server.connection(1).state == "TIME-WAIT"
end)
expect({ en = "for 2 MSL", zh = "等满 2MSL" }, 4 * min + 139 * ms, function (w)
  return w.client.open == 1 and w.server.open == 1
end)
finally({ en = "both are gone", zh = "两端的连接都已消失" }, function (w)
  return w.client.open == 0 and w.server.open == 0
end)
