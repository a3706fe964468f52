-- A link on the path takes packets of 1200 octets; routers say so, and segments become smaller.

scenario {
  title = { en = "Path MTU discovery", zh = "路径 MTU 发现" },
  question = {
    en = "Both ends offered an MSS of 1460. Who tells them that the path takes less?",
    zh = "双方都通告了 1460 的 MSS。路径容不下时，由谁来告诉它们？",
  },
  about = {
    en = "The MSS option speaks of the ends alone. TCP forbids its packets to be fragmented, so a router that can't pass one "
      .. "on drops it and tells the sender which size it could. The quoted sequence number names the segment; all that was "
      .. "too big goes out again in smaller pieces, without waiting for a timeout. Sequence numbers count octets, not "
      .. "segments: nobody minds that the text is cut in other places than before.",
    zh = "MSS 选项只说明两端的情况。TCP 禁止对自己的数据包分片，路由器转发不了就丢弃它，并告诉发送方多大才行。"
      .. "所引的序列号指明是哪个报文段；发送方不必等待超时，立刻把过大的部分切小重发。"
      .. "序列号数的是字节而不是报文段，所以切在别处也无妨。",
  },
  source = { "RFC 1191", "RFC 9293 3.7.2" },
  needs = "packet-too-big-lowers-mss",
  wireshark = {
    completeness = "Complete, WITH_DATA (31)",
    guesses = {
      {
        packet = { 8, 9 },
        why = {
          en = "The server never saw #4. What fills its gap comes within a round trip, and then Wireshark says out of order.",
          zh = "服务器从未见到 #4。填补空缺的报文段在一个往返时间之内到达，Wireshark 便说是乱序。",
        },
      },
    },
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms, mtu = 1200 }

client:runs { connect(server, 80), send(fill(2500)), close(), wait_closed() }
server:serves(80) { recv_eof(), close() }

expect({ en = "all has come without a timeout", zh = "未经超时即全部收到" }, 200 * ms, function (w)
  return #w.server.connection(1).received == 2500
end)
