-- A forged SYN,ACK makes the client send a reset to the server that it wants to talk to.

scenario {
  title = { en = "Forged SYN,ACK", zh = "伪造的 SYN,ACK" },
  question = {
    en = "Can an attacker make a client reset its own connection?",
    zh = "攻击者能不能让客户端亲手重置自己的连接？",
  },
  about = {
    en = "In SYN-SENT, a SYN,ACK with an unacceptable ACK is answered by RST, and the RST goes to the server, with the "
      .. "number that the forger chose. Meanwhile the server is in SYN-RECEIVED with a window of 65,535. By RFC 793's rule "
      .. "any reset in the window counts, so that one forged ACK number in 65,536 does: the server returns to LISTEN, and the "
      .. "client, which opens a moment later, is half-open. RFC 5961 asks for exactly RCV.NXT and answers the rest by a "
      .. "challenge ACK. Then the trick is impossible: the only number that would reset the server is ISS+1, and a SYN,ACK "
      .. "that bears it is one that the client accepts.",
    zh = "SYN-SENT 收到确认号不可接受的 SYN,ACK，要答以 RST；这个 RST 会发往服务器，序列号则是伪造者选定的。"
      .. "此时服务器处于 SYN-RECEIVED，接收窗口有 65535。按 RFC 793 的规定，落在窗口内的 RST 都算数，"
      .. "伪造者每猜 65536 次就能中一次：服务器回到 LISTEN，而片刻之后才建立的客户端成了半开连接。"
      .. "RFC 5961 要求序列号恰为 RCV.NXT，其余的只答以挑战 ACK。这样一来此计就行不通了："
      .. "唯一能重置服务器的序列号是客户端的 ISS+1，而带着这个确认号的 SYN,ACK 恰恰是客户端会接受的。",
  },
  source = { "RFC 9293 3.10.7.3, first", "RFC 5961 3.2" },
  needs = "rst-must-be-exact",
  wireshark = {
    completeness = {
      attacker = "Incomplete (0)",
      client = "Complete, WITH_DATA (47)",
      server = "Complete, WITH_DATA (47)",
    },
    guesses = {
      {
        packet = { 4, 7, 8 },
        why = {
          en = "Forged #2 and #3, which it drew, have higher numbers. Wireshark takes what lies below for repetitions.",
          zh = "伪造的 #2 和它引出的 #3 序列号更高，低于它们的，Wireshark 一概当成重传。",
        },
      },
    },
  },
}

local attacker = host "attacker"
local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 1 * ms }

client:runs { connect(server, 80), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }
attacker:runs {
  sleep(10 * ms),
  inject { from = server, to = client, by = attacker, flags = "SYN,ACK", seq = 7000, ack = client.iss + 5000 },
}

expect({ en = "the client's reset has not hurt the server", zh = "客户端的 RST 没有伤及服务器" }, 32 * ms, function (w)
  return w.server.connection(1).state == "SYN-RECEIVED"
end)
expect({ en = "both are open", zh = "两端都已建立" }, 61 * ms, function (w)
  return w.client.connection(1).state == "ESTABLISHED" and w.server.connection(1).state == "ESTABLISHED"
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
