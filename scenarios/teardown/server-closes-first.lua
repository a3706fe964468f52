-- Either side may close first.

scenario {
  title = { en = "The server closes first", zh = "服务器先关闭" },
  question = {
    en = "Is it always the client that closes first?",
    zh = "总是客户端先发起关闭吗？",
  },
  about = {
    en = "Teardown is usually drawn with the client closing, but TCP doesn't know who is the client any more: when "
      .. "the data has been sent, either side may close. Here the server says all it has to say and closes, as web "
      .. "servers often did. The two sides have changed places: the client goes through CLOSE-WAIT and LAST-ACK, and "
      .. "TIME-WAIT falls to the server.",
    zh = "画四次挥手时，通常画成客户端主动关闭，但此时 TCP 早已不分谁是客户端：数据传完之后，任何一方都可以先关闭。这"
      .. "里服务器把话说完就关闭，从前的 Web 服务器常常这样做。两端的角色于是对调：经过 CLOSE-WAIT 和 LAST-ACK 的是客"
      .. "户端，而 TIME-WAIT 落在服务器头上。",
  },
  source = { "《关于TCP的握手与挥手》“四次挥手”（服务器和客户端双方都可以释放连接）", "RFC 9293 3.6" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET /", recv_eof(), sleep(60 * ms), close() }
server:serves(80) { recv(5), send "200 OK", sleep_until(0.2 * s), close() }

always "synchronized-ends-agree"
always "fin-after-all-text"
expect({
  en = "the server is the one in FIN-WAIT-2, the client in CLOSE-WAIT",
  zh = "在 FIN-WAIT-2 的是服务器，在 CLOSE-WAIT 的是客户端",
}, 250 * ms, function (w)
  return w.server.connection(1).state == "FIN-WAIT-2" and w.client.connection(1).state == "CLOSE-WAIT"
end)
expect({
  en = "the server is the one in TIME-WAIT, the client is closed",
  zh = "在 TIME-WAIT 的是服务器，客户端已关闭",
}, 330 * ms, function (w)
  return w.server.connection(1).state == "TIME-WAIT" and w.client.open == 0
end)
finally "everything-closed"
finally "nobody-reset"
