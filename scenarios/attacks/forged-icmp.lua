-- A blind attacker forges ICMP errors, first to prevent a connection and then to end it.

scenario {
  title = { en = "Forged ICMP errors", zh = "伪造的 ICMP 差错" },
  question = {
    en = "ICMP has no password. Why can't anybody end a connection by saying that there is no such port?",
    zh = "ICMP 没有口令。为什么不能随便谁说一句“端口不可达”，就把连接断掉？",
  },
  about = {
    en = "An ICMP error quotes the first octets of the segment that it is about: addresses, ports and sequence number. Who has "
      .. "not seen the segment can guess all but the last, and by RFC 1122 that was enough. Now the number must be one that "
      .. "is in flight: against the SYN here, one in 4,294,967,296. The second error is forged by somebody who does see the "
      .. "line and quotes what is in flight. Even that only costs a word of warning: in a synchronized connection a hard error "
      .. "is taken for a soft one, and the text that was in flight is acknowledged a moment later. The third one, source "
      .. "quench, has meant nothing since RFC 6633.",
    zh = "ICMP 差错会引用所针对报文段的开头：地址、端口和序列号。没有见过该报文段的人，除了序列号都猜得到，"
      .. "而按 RFC 1122，那就够了。如今所引的序列号必须正在途中：对本例的 SYN，4294967296 次里才中一次。"
      .. "第二个差错出自看得到线路的人，引用的正是在途的序列号。即便如此，代价也只是一声提醒："
      .. "同步之后的连接把硬差错当作软差错，在途的数据片刻之后就得到确认。第三个是源抑制，自 RFC 6633 起毫无意义。",
  },
  source = { "RFC 5927 4.1 and 5.2", "RFC 5461 4.1", "RFC 6633" },
  needs = "icmp-must-quote-flight",
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 1 * ms }

client:runs { connect(server, 80), sleep_until(100 * ms), send "GET /", recv(6), close(), recv_eof() }
server:serves(80) { recv(5), send "200 OK", close() }
attacker:runs {
  sleep_until(10 * ms),
  inject { icmp = "port-unreachable", quote = { seq = 7000 }, from = server, to = client, by = attacker },
  observe { from = client, text = true },
  inject { icmp = "port-unreachable", quote = seen, to = client, by = attacker },
  sleep(5 * ms),
  inject { icmp = "source-quench", quote = seen, to = client, by = attacker },
}

expect({ en = "the guess has not hurt the opening", zh = "猜测无损于连接的打开" }, 90 * ms, function (w)
  return w.client.connection(1).state == "ESTABLISHED"
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
