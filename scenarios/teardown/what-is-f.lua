-- The sequence number of the third segment of the teardown.

scenario {
  title = { en = "What is f?", zh = "f 等于多少？" },
  question = {
    en = "The second segment of the teardown has seq = v. What is f, the seq of the third? v + 1?",
    zh = "第二次挥手的 seq = v，那么第三次挥手的 seq = f 等于多少？是 v+1 吗？",
  },
  about = {
    en = "One often reads f = v + 1, because the third segment follows the second. But only what must arrive is "
      .. "counted: bytes of data, SYN and FIN. The second segment is a bare ACK and takes no number. So f = v when "
      .. "the server sends nothing in between (first visit), and f = v + n when it sends n bytes (second visit). "
      .. "What is v + 1 is the number after the FIN: the ack of the fourth segment in the first visit.",
    zh = "常见的说法是 f = v+1，因为第三次挥手紧跟在第二次之后。但只有必须送达的东西才计数：数据字节、SYN 和 FIN。第"
      .. "二次挥手是纯 ACK，不占序列号。所以，中间什么都没发时 f = v（第一次访问）；中间发了 n 个字节时 f = v+n（第二"
      .. "次访问）。等于 v+1 的是 FIN 之后的那个数，也就是第一次访问中第四次挥手的 ack。",
  },
  source = { "《关于TCP的握手与挥手》“TCP四次挥手传输过程”（seq=f=v+1）", "RFC 9293 3.4, 3.6, figure 12" },
  wireshark = { completeness = { "Complete, NO_DATA (23)", "Complete, WITH_DATA (31)" } },
}

local client = host "client" { isn = { 100, 500 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

local v1, v2, n = 301, 701, 9

client:runs {
  note { en = "first visit: nothing in between", zh = "第一次访问：中间什么都不发" },
  connect(server, 80), sleep_until(0.1 * s), close(), recv_eof(),
  sleep_until(1 * s),
  note { en = "second visit: nine bytes in between", zh = "第二次访问：中间发送九个字节" },
  connect(server, 81), sleep_until(1.1 * s), close(), recv_eof(),
}
server:serves(80) { recv_eof(), sleep(60 * ms), close() }
server:serves(81) { recv_eof(), sleep(60 * ms), send "last word", sleep(60 * ms), close() }

always "synchronized-ends-agree"
always "fin-after-all-text"
expect({
  en = "first visit: the second segment has seq = v",
  zh = "第一次访问：第二次挥手的 seq = v",
}, 150 * ms, function (w)
  local c = w.server.connection(1)
  return c.state == "CLOSE-WAIT" and c.snd_nxt == v1
end)
expect({ en = "first visit: f = v", zh = "第一次访问：f = v" }, 190 * ms, function (w)
  local c = w.server.connection(1)
  local f = c.snd_nxt - 1
  return c.state == "LAST-ACK" and f == v1, {
    en = "f is " .. f .. " and v is " .. v1,
    zh = "f 是 " .. f .. "，v 是 " .. v1,
  }
end)
expect({
  en = "first visit: v + 1 is the ack of the fourth segment",
  zh = "第一次访问：v+1 是第四次挥手的 ack",
}, 210 * ms, function (w)
  return w.client.connection(1).rcv_nxt == v1 + 1
end)
expect({
  en = "second visit: the second segment has seq = v",
  zh = "第二次访问：第二次挥手的 seq = v",
}, 1.15 * s, function (w)
  local c = w.server.connection(2)
  return c.state == "CLOSE-WAIT" and c.snd_nxt == v2
end)
expect({ en = "second visit: f = v + n", zh = "第二次访问：f = v+n" }, 1.25 * s, function (w)
  local c = w.server.connection(2)
  local f = c.snd_nxt - 1
  return c.state == "LAST-ACK" and f == v2 + n, {
    en = "f is " .. f .. " and v is " .. v2,
    zh = "f 是 " .. f .. "，v 是 " .. v2,
  }
end)
finally({ en = "the last word arrived", zh = "最后的话送到了" }, function (w)
  return w.client.connection(2).received == "last word"
end)
