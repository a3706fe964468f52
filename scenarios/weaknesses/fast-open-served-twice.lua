-- What Fast Open costs: a SYN that the network doubles is a request that is served twice.

scenario {
  title = { en = "A request served twice", zh = "同一个请求，执行两次" },
  question = {
    en = "The text of a SYN is delivered before the handshake is over. Who protects it from an old duplicate?",
    zh = "SYN 的数据在握手完成之前就交付。谁来防备它的旧副本？",
  },
  about = {
    en = "The three-way handshake is there so that an old SYN opens nothing. Fast Open gives up just that: a copy of the SYN, "
      .. "with its cookie and its text, comes when the first connection is gone, and is served like the original. The client "
      .. "answers the new SYN,ACK by a reset, or from TIME-WAIT by an ACK, but too late: the money has been paid twice. That "
      .. "is no bug: RFC 7413 (2.1, 6.1) leaves Fast Open to applications that can bear it, such as an HTTP GET.",
    zh = "三次握手正是为了让旧的 SYN 打不开连接。快速打开放弃的恰恰是这一点：SYN 的一份副本，连同 cookie 和数据，"
      .. "在第一个连接消失之后到达，照样被执行。客户端会对新的 SYN,ACK 答以 RST，或者从 TIME-WAIT 答以 ACK，"
      .. "但为时已晚：钱已经付了两次。这并非缺陷：RFC 7413（2.1、6.1）把快速打开留给经得起重复的应用，例如 HTTP GET。",
  },
  source = { "RFC 7413 2.1, 6.1" },
  wireshark = {
    completeness = { "Complete, NO_DATA (23)", "Complete, WITH_DATA (63)" },
    guesses = {
      {
        packet = 13,
        why = {
          en = "It begins another connection between the same ports, with a higher number. Wireshark misses a segment before it.",
          zh = "它开始的是同一对端口上的另一个连接，序列号更高。Wireshark 以为它前面缺了报文段。",
        },
      },
    },
  },
}

local fast = param("fast_open", true)
local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 1200, 5000 } }
link(client, server) { delay = 20 * ms }

fate { from = client, connection = 2, flags = fast and "SYN,PSH" or "SYN", duplicate = 1, spacing = 3 * s }

client:runs {
  connect(server, 80, { fast_open = fast }), close(), recv_eof(),
  sleep_until(1 * s),
  fast and connect(server, 80, { fast_open = true, text = "Bob: 100;" }) or connect(server, 80),
  times(1, fast and { close(), recv_eof() } or { send "Bob: 100;", close(), recv_eof() }),
}
server:serves(80, { fast_open = fast }) { recv_eof { may_fail = true }, close { may_fail = true } }

finally(fast and { en = "Bob was paid twice", zh = "付给 Bob 两次" } or { en = "Bob was paid once", zh = "付给 Bob 一次" },
  function (w)
    local paid = 0
    for _, connection in ipairs(w.server.connections) do
      if connection.received == "Bob: 100;" then paid = paid + 1 end
    end
    return paid == (fast and 2 or 1)
  end)
