-- A copy of an old order comes out of the network three seconds late. Who is there to receive it?

scenario {
  title = { en = "TIME-WAIT keeps old duplicates out", zh = "TIME-WAIT 挡住旧的重复报文段" },
  question = {
    en = "Why 2MSL, and why may the same two ports not be used again before?",
    zh = "为什么要等 2MSL？为什么在这之前同一对端口不能再用？",
  },
  about = {
    en = "The network has made a copy of \"pay Ann!\" and delivers it three seconds later. Its connection is long "
      .. "closed. While the client is in TIME-WAIT the two ports can't be used again: the copy meets the listener "
      .. "and dies, and when 2MSL are over no segment of the old connection is left in the network. Without "
      .. "TIME-WAIT the next order opens at once from the same port; and where its numbers happen to be the same "
      .. "(here both begin at 100), the copy is taken for the new order's first bytes, \"pay Bob!\" for a repetition "
      .. "of them. Ann is paid twice, Bob never, every byte is acknowledged, and nobody notices.",
    zh = "网络复制了一份“pay Ann!”，三秒后才送到，而它的连接早已关闭。只要客户端还在 TIME-WAIT，这对端口就不能再用："
      .. "这份副本碰上的是监听者，就此消亡；等满 2MSL，网络中再也没有旧连接的报文段。若没有 TIME-WAIT，下一笔订单立刻"
      .. "从同一端口打开连接；一旦序列号碰巧相同（这里都从 100 开始），旧的副本就被当成新订单的头几个字节，“pay Bob!”"
      .. "反而被当成重传。Ann 收到两次钱，Bob 一分没有，每个字节都得到了确认，谁也没有察觉。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”（2MSL）", "RFC 9293 3.4.1, 3.6.1" },
  needs = "time-wait",
  wireshark = {
    completeness = "Complete, WITH_DATA (63)",
    guesses = {
      {
        packet = { 9, 10, 12, 13, 14 },
        why = {
          en = "Two connections have the same ports and the same numbers. To Wireshark they are one, which repeats itself.",
          zh = "先后两个连接端口和序列号都相同。Wireshark 把它们看成同一个连接在重传。",
        },
      },
    },
  },
}

-- Every connection begins at the same number. RFC 6528 makes that unlikely, TIME-WAIT makes it harmless.
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, connection = 1, text = true, nth = 1, duplicate = 1, spacing = 3 * s }

client:runs {
  connect(server, 80, { from = 5000 }), send "pay Ann!", close(),
  wait_closed(), -- until then the system says "connection already exists"
  note { en = "the same port is free again", zh = "同一个端口又可以用了" },
  connect(server, 80, { from = 5000 }), sleep(2.95 * s), send "pay Bob!", close(), -- 10 ms behind the copy, at worst
}
server:serves(80) { recv(8), recv_eof(), close() }

always "synchronized-ends-agree"
always "text-is-from-this-incarnation"
finally({ en = "the first order was carried out", zh = "第一笔订单已执行" }, function (w)
  return w.server.connection(1).received == "pay Ann!"
end)
finally({ en = "and so was the second", zh = "第二笔也是" }, function (w)
  local second = w.server.connection(2).received
  return second == "pay Bob!", {
    en = 'the second order reads "' .. second .. '"',
    zh = "第二笔订单的内容是“" .. second .. "”",
  }
end)
