scenario {
  title    = { en = "A FIN overtakes data", zh = "FIN 超越了数据" },
  question = { en = "The FIN arrives before the data that it follows. Is the connection over?",
               zh = "FIN 比它前面的数据先到，连接就此结束吗？" },
  about    = {
    en = [[
A client sends four bytes and closes. The network holds the four bytes back, so that the FIN comes first. A FIN has
a place in the sequence: it stands behind the last byte. The server sees a gap before it, says with an ACK which byte
it is waiting for, and goes on reading. Only when the gap is filled does the stream end.]],
    zh = "客户端发出四个字节后关闭。网络扣住了这四个字节，FIN 先到。FIN 在序列号里有自己的位置：它排在最后一个字节之后。"
      .. "服务器发现前面有缺口，就用 ACK 说明自己在等哪个字节，并继续接收。缺口补上之后，数据流才算结束。",
  },
  source   = { "RFC 9293 3.10.7.4, eighth", "RFC 9293 3.4" },
  needs    = "fin-waits-for-missing-data",
  wireshark = {
    completeness = "Complete, WITH_DATA (31)",
    guesses = {
      {
        packet = 4,
        why = {
          en = "It comes more than a round trip behind the FIN that overtook it, and then Wireshark says retransmission.",
          zh = "它比赶在前面的 FIN 晚到不止一个往返时间，Wireshark 便说是重传。",
        },
      },
    },
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 1, hold = 100 * ms }

client:runs { connect(server, 80), send "last", close(), recv_eof(), wait_closed() }
server:serves(80) { recv_eof(), sleep(10 * ms), close() }

finally({ en = "every byte before the FIN was read", zh = "FIN 之前的每个字节都已读取" }, function (w)
  local received = w.server.connection(1).received
  return received == "last", { en = 'the server read "' .. received .. '"', zh = "服务器读到的是“" .. received .. "”" }
end)
always "fin-after-all-text"
finally "everything-closed"
