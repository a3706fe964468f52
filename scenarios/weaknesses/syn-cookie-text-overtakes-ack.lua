-- A server that answers SYNs by cookies, and text that arrives before the ACK that brings the cookie back.

scenario {
  title = { en = "Text overtakes the ACK with the cookie", zh = "数据赶在带回 cookie 的 ACK 之前到达" },
  question = {
    en = "Nothing is lost, two segments are late. Can that end a connection?",
    zh = "什么都没有丢失，只是两个报文段晚到了一点，连接会因此断掉吗？",
  },
  about = {
    en = "A server with SYN cookies keeps nothing of a SYN: what it knew is in its own sequence number, and comes back in "
      .. "the acknowledgment of the third segment, and of the first text, which has the same numbers. Here the network "
      .. "delays both by a few milliseconds, and the second piece of text comes first. Its sequence number is not the one "
      .. "behind the SYN, so no cookie fits, and to a listener it is an ACK out of nowhere: RST. The client, which was "
      .. "connected and did nothing wrong, is reset; and as the late ones arrive, the server opens its end. A server that remembers the SYN would have kept the text and waited "
      .. "for what is missing (3.10.7.4, seventh). RFC 4987 speaks of a lost third segment, not of this.",
    zh = "使用 SYN cookie 的服务器对 SYN 不留任何状态：它所知道的都编在自己的序列号里，由第三个报文段的确认号带回；"
      .. "第一段数据的序列号和确认号与之相同，也能带回。这里网络把这两个报文段都耽搁了几毫秒，第二段数据先到。"
      .. "它的序列号并不紧跟在 SYN 之后，和任何 cookie 都对不上，在监听者看来只是一个无中生有的 ACK，于是答以 RST。"
      .. "客户端的连接早已建立，也没有做错什么，却被复位了；等迟到的两个报文段来了，服务器才打开自己这一端。记得住 SYN 的服务器则会收下这段数据，等待前面缺的部分"
      .. "（3.10.7.4 第七项）。RFC 4987 只谈到第三个报文段丢失的情形，没有谈到这一种。",
  },
  source = { "RFC 4987 3.6", "RFC 9293 3.10.7.2, second; 3.10.7.4, seventh" },
  wireshark = {
    completeness = { client = "Complete, WITH_DATA (47)", server = "Complete, WITH_DATA (47)" },
  },
}

local queue = param("queue", "cookies")
local client = host "client" { isn = 100, nagle = false }
local server = host "server" { syn_queue = queue }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "ACK", nth = 1, hold = 5 * ms }
fate { from = client, text = true, nth = 1, hold = 5 * ms }

server:serves(80) { recv(12, { may_fail = true }), close { may_fail = true } }
if queue == "cookies" then
  client:runs { connect(server, 80), send "first ", send "second", recv_eof { fails = "connection reset" } }
  finally({ en = "the client is reset, and then the server accepts its connection",
            zh = "客户端被复位，之后服务器才接受它的连接" }, function (w)
    return w.client.connection(1).resets == 1 and w.server.accepted == 1
  end)
else
  client:runs { connect(server, 80), send "first ", send "second", recv_eof(), close() }
  finally({ en = "the text was put in order", zh = "数据被重新排好" }, function (w)
    return w.server.connection(1).received == "first second"
  end)
end
