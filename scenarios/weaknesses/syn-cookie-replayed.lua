-- A late copy of an ACK opens a connection with a SYN cookie, and nobody is behind it.

scenario {
  title = { en = "One cookie, two visits", zh = "一个 cookie，两次访问" },
  question = {
    en = "A server without memory: how does it know that it has taken this ACK before?",
    zh = "没有记忆的服务器，怎么知道这个 ACK 它已经收过？",
  },
  about = {
    en = "The visit is over, and a copy of its third segment arrives two seconds late. A server with a half-open queue has no "
      .. "half-open connection any more and answers by a reset. This one has only the cookie to look at, and the cookie is "
      .. "good for one to two minutes: the ACK opens a second connection of the same client, which isn't there. What it was "
      .. "sent for cannot be seen from it. The client, in TIME-WAIT, does not notice, and the server's program waits for a "
      .. "request that never comes. Forging such an ACK takes luck instead: one guess in 2^24 hits the hash.",
    zh = "访问已经结束，它的第三个报文段有一份副本迟到两秒。有半连接队列的服务器已经没有对应的半开连接，会答以 RST。"
      .. "这台服务器只能看 cookie，而 cookie 在一到两分钟内都有效：这个 ACK 为同一个客户端打开了第二个连接，"
      .. "可客户端并不在那里。从 ACK 上看不出它是为哪次访问发的。客户端停在 TIME-WAIT，毫无察觉；服务器的程序等着一个"
      .. "永远不来的请求。若要凭空伪造，则全靠运气：每猜 2^24 次才能碰对一次散列。",
  },
  source = { "RFC 4987 3.6" },
  wireshark = { completeness = "Complete, WITH_DATA (31)" },
}

local queue = param("queue", "cookies")
local late = param("late", 2)
local client = host "client" { isn = 100 }
local server = host "server" { syn_queue = queue }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 1, duplicate = 1, spacing = late * s }

client:runs { connect(server, 80), send "GET /", close(), recv_eof() }
server:serves(80) { recv(5, { may_fail = true }), send "200 OK", recv_eof(), close() }

local twice = queue == "cookies" and late < 64
finally({ en = twice and "one visitor was accepted twice" or "one visitor was accepted once",
          zh = twice and "一位访客被接待了两次" or "一位访客只接待了一次" }, function (w)
  return w.server.accepted == (twice and 2 or 1)
end)
server:runs { sleep_until((late + 1) * s), crash(server) }
