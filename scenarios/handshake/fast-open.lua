-- TCP Fast Open: the second visit sends its request with the SYN and has its answer a round trip earlier.

scenario {
  title = { en = "TCP Fast Open", zh = "TCP 快速打开" },
  question = {
    en = "Must a client that was here a moment ago wait for another handshake before it may ask?",
    zh = "刚刚来过的客户端，提问之前还必须再等一次握手吗？",
  },
  about = {
    en = "The first SYN asks for a cookie, and the SYN,ACK brings it: a keyed hash of the client's address, for which the "
      .. "server keeps nothing. The second SYN shows it and carries the request. The server need not ask again whether "
      .. "somebody is at that address: it delivers the text and answers behind its SYN,ACK, so that the answer is there "
      .. "after one round trip instead of two. Without a good cookie the text waits for the handshake, as ever.",
    zh = "第一个 SYN 请求 cookie，由 SYN,ACK 带回：那是客户端地址的带密钥散列，服务器无需为它保留任何东西。"
      .. "第二个 SYN 出示 cookie 并带上请求。服务器不必再问那个地址上有没有人：它交付数据，紧跟着 SYN,ACK 就作答，"
      .. "于是一个往返时间就得到答复，而不是两个。没有正确的 cookie，数据就照旧等到握手完成。",
  },
  source = { "RFC 7413 3" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local fast = param("fast_open", true)
local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 1200 } }
link(client, server) { delay = 50 * ms }

local function open()
  if fast then return connect(server, 80, { fast_open = true, text = "GET /" }) end
  return times(1, { connect(server, 80), send "GET /" })
end
client:runs { open(), recv_eof(), close(), sleep_until(1 * s), open(), recv_eof(), close() }
server:serves(80, { fast_open = fast }) { recv(5), send "200 OK", close() }

expect({ en = "the first visit needs two round trips", zh = "第一次访问需要两个往返时间" }, 199 * ms, function (w)
  return w.client.connection(1).rcv_nxt - w.client.connection(1).irs == 1
end)
expect(fast and { en = "the second one round trip", zh = "第二次只要一个" }
         or { en = "and so does the second", zh = "第二次也是" }, 1101 * ms, function (w)
  return (w.client.connection(2).received == "200 OK") == fast
end)
finally({ en = "both visits were served", zh = "两次访问都得到接待" }, function (w)
  return w.client.connection(1).received == "200 OK" and w.client.connection(2).received == "200 OK"
end)
finally "everything-closed"
