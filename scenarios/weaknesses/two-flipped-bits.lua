-- Two bits are flipped on the way, the checksum stays the same, and the receiver reads what nobody has sent.

scenario {
  title = { en = "Two flipped bits", zh = "翻转的两个比特" },
  question = {
    en = "Every segment has a checksum. Is what arrives always what was sent?",
    zh = "每个报文段都有校验和。收到的就一定是发出的吗？",
  },
  about = {
    en = "The checksum is a sum of 16-bit words. One flipped bit always changes it: the first copy of the order is dropped, and "
      .. "a second later the retransmission puts things right. Two bits at the same place of two words, one going up and "
      .. "the other going down, cancel each other: \"pay 1001\" becomes \"pay 1100\", and the sum is what it "
      .. "was. It is acknowledged, and nobody ever notices. Memory of routers that fails does such things (Stone and "
      .. "Partridge found one such segment in 16 million to 10 billion); who needs certainty needs a checksum of his own.",
    zh = "校验和是若干 16 位字之和。翻转一个比特必定改变它：订单的第一份被丢弃，一秒之后的重传纠正了差错。"
      .. "若两个字的同一位置各翻转一个比特，一个由 0 变 1，另一个由 1 变 0，便互相抵消："
      .. "“pay 1001”变成“pay 1100”，和仍是原来的和。它得到确认，永远不会有人察觉。"
      .. "路由器的内存故障就会造成这种情况（Stone 与 Partridge 测得大约每一千六百万到一百亿个报文段中有一个）；"
      .. "要求万无一失，就得自备校验。",
  },
  source = { "RFC 9293 3.1, MUST-2 and MUST-3", "RFC 1071",
             "J. Stone, C. Partridge, When the CRC and TCP Checksum Disagree, 2000" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

local text = 8 * (20 + 20)  -- its first bit, behind the headers of IP and TCP
local one = 8 - 1           -- the bit in which "0" and "1" differ, of an octet

fate { from = client, text = true, nth = 1, corrupt = text + one }
fate { from = client, text = true, nth = 2, corrupt = { text + 8 * 5 + one, text + 8 * 7 + one } }

client:runs { connect(server, 80), send "pay 1001", recv(2), close(), recv_eof() }
server:serves(80) { recv(8), send "OK", recv_eof(), close() }

finally({ en = "the server has read another text", zh = "服务器读到了另一段文字" }, function (w)
  return w.server.connection(1).received == "pay 1100" and w.server.connection(1).foreign_text
end)
