-- One SYN is lost; the next one gets through.

scenario {
  title = { en = "One SYN lost", zh = "丢了一个 SYN" },
  question = {
    en = "What does one lost SYN cost?",
    zh = "丢一个 SYN 的代价有多大？",
  },
  about = {
    en = "The first SYN is lost. Nobody knows the round-trip time of a new path, so the client can only wait the initial "
      .. "timeout, one second, which is here 25 round trips. Then it sends the same SYN again and all goes well. A page "
      .. "that takes exactly one second longer than usual to open has most likely lost a SYN. Because the SYN was "
      .. "repeated, its answer measures nothing (nobody can tell which copy it answers), and the timeout for the data "
      .. "is set to 3 seconds.",
    zh = "第一个 SYN 丢失。新路径的往返时间无人知晓，客户端只能等满初始超时 1 秒，在这里相当于 25 个往返。"
      .. "然后重发同一个 SYN，一切顺利。网页若恰好比平时慢一秒才打开，多半就是丢了一个 SYN。"
      .. "由于 SYN 重发过，对它的应答不能用来测量往返时间（分不清答的是哪一份），数据的重传超时因此设为 3 秒。",
  },
  source = { "RFC 6298 2.1, 3, 5.7", "RFC 9293 3.8.1" },
  needs = "retransmission",
  wireshark = { completeness = "Incomplete, DATA (15)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", nth = 1, drop = true }

client:runs { connect(server, 80), send "GET /", recv(6) }
server:serves(80) { recv(5), send "200 OK" }

expect({ en = "the SYN is sent again after 1 s", zh = "1 秒后重发 SYN" }, 1 * s + 30 * ms, function (w)
  return w.server.half_open == 1
end)
expect({ en = "the connection opens one second late", zh = "连接晚一秒建立" }, 1 * s + 41 * ms, function (w)
  return w.client.connection(1).state ~= "SYN-SENT"
end)
finally({
  en = "the server heard the same number that was lost",
  zh = "服务器收到的，正是丢失的那个序列号",
}, function (w)
  return w.server.connection(1).irs == 100
end)
expect({ en = "the data would be repeated after 3 s", zh = "数据若要重传，得等 3 秒" }, 1 * s + 50 * ms, function (w)
  return w.client.connection(1).rto == 3 * s
end)
finally({ en = "the page came", zh = "收到了网页" }, function (w)
  return w.client.connection(1).received == "200 OK"
end)
