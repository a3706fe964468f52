-- Late copies of a whole visit are served again: TIME-WAIT stands at one end alone.

scenario {
  title = { en = "A visit that is served twice", zh = "一次访问，两次接待" },
  question = {
    en = "The client waits in TIME-WAIT. Is the server safe from copies of the client's old segments?",
    zh = "客户端守在 TIME-WAIT。服务器就不怕客户端旧报文段的副本了吗？",
  },
  about = {
    en = "The client closed first and lingers; the server, which closed second, was done at once. Late copies of the client's "
      .. "SYN, its ACK, its request and its FIN arrive, in order. The SYN opens a half-open connection, as any SYN does. What "
      .. "stops it is the server's initial sequence number: the old ACK does not acknowledge a new one. This server always "
      .. "begins at 300, so the old ACK fits, and the request is taken a second time, although the client is still there and "
      .. "has objected by an ACK. TIME-WAIT protects the end that waits; the other one lives by its numbers (3.4.1).",
    zh = "客户端先关闭，正在停留；服务器后关闭，立即了事。客户端的 SYN、ACK、请求和 FIN 的副本迟到，依次到达。"
      .. "SYN 照例打开一个半开连接。能拦住它的是服务器的初始序列号：旧的 ACK 确认不了新的号码。"
      .. "可这台服务器总是从 300 开始，旧的 ACK 正好对上，同一个请求又被收下一次，尽管客户端还在，也发过 ACK 表示异议。"
      .. "TIME-WAIT 保护的是等待的那一端；另一端靠的是自己的序列号（3.4.1）。",
  },
  source = { "RFC 9293 3.4.1, 3.6.1" },
  wireshark = {
    completeness = "Complete, WITH_DATA (63)",
    guesses = {
      {
        packet = { 8, 10 },
        why = {
          en = "Two connections have the same ports and the same numbers. To Wireshark they are one, which repeats itself.",
          zh = "先后两个连接端口和序列号都相同。Wireshark 把它们看成同一个连接在重传。",
        },
      },
    },
  },
}

local fixed = param("fixed", true)
local client = host "client" { isn = 100 }
local server = host "server" { isn = fixed and { 300, 300 } or { 300, 900000 } }
link(client, server) { delay = 20 * ms }

fate { from = client, nth = 1, duplicate = 1, spacing = 5 * s }
fate { from = client, nth = 2, duplicate = 1, spacing = 5 * s }
fate { from = client, nth = 3, duplicate = 1, spacing = 5 * s }
fate { from = client, nth = 4, duplicate = 1, spacing = 5 * s }

client:runs { connect(server, 80, { from = 50000 }), send "Bob: 100;", close(), recv_eof() }
server:serves(80) { recv(9), recv_eof(), close() }

finally({ en = "a fixed ISN lets the visit in twice", zh = "固定的初始序列号让同一次访问进来两次" }, function (w)
  return w.server.accepted == (fixed and 2 or 1)
end)
