-- The client has closed; the server goes on sending.

scenario {
  title = { en = "Half-close", zh = "半关闭" },
  question = {
    en = "What is CLOSE-WAIT for? Why isn't the connection over when one side says FIN?",
    zh = "CLOSE-WAIT 有什么用？一方发出 FIN 之后，连接为什么还没有结束？",
  },
  about = {
    en = "FIN says \"I have no more to send\", and nothing else. The server acknowledges it without a FIN of its own "
      .. "and goes on sending from CLOSE-WAIT as long as it likes; the client in FIN-WAIT-2 takes all of it and "
      .. "acknowledges it. In CLOSE-WAIT the server doesn't wait for the client, which has said all it had to say, "
      .. "but for its own application to close. Its FIN stands behind its last byte.",
    zh = "FIN 的意思只是“我没有数据要发了”。服务器确认它，但不带自己的 FIN，在 CLOSE-WAIT 中还可以继续发送，想发多久"
      .. "就发多久；处于 FIN-WAIT-2 的客户端照收不误，逐一确认。服务器在 CLOSE-WAIT 等的不是客户端（客户端的话已经说"
      .. "完），而是自己的应用程序来关闭。它的 FIN 排在最后一个字节之后。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”“小总结”", "RFC 9293 3.6, case 1" },
  needs = "close-keeps-receiving",
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET /", sleep_until(0.1 * s), close(), recv_eof() }
server:serves(80) {
  recv(5), recv_eof(),
  sleep_until(0.3 * s), send "one, ",
  sleep_until(0.6 * s), send "two, ",
  sleep_until(0.9 * s), send "three.", close(), -- the FIN goes out behind the last bytes
}

always "synchronized-ends-agree"
always "fin-after-all-text"
expect({ en = "half of the connection is closed", zh = "连接关闭了一半" }, 150 * ms, function (w)
  return w.client.connection(1).state == "FIN-WAIT-2" and w.server.connection(1).state == "CLOSE-WAIT"
end)
expect({ en = "the other half goes on", zh = "另一半继续传输" }, 550 * ms, function (w)
  return w.client.connection(1).received == "one, " and w.client.connection(1).state == "FIN-WAIT-2"
     and w.server.connection(1).acknowledged == 5 and w.server.connection(1).state == "CLOSE-WAIT"
end)
expect({ en = "all data came before the FIN", zh = "全部数据都在 FIN 之前到达" }, 930 * ms, function (w)
  return w.client.connection(1).received == "one, two, three." and w.client.connection(1).state == "TIME-WAIT"
end)
finally "everything-closed"
