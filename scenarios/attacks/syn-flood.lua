-- Three servers under the same flood of SYNs that nobody stands behind: a backlog, a SYN cache, SYN cookies.

scenario {
  title = { en = "SYN flood", zh = "SYN 洪水" },
  question = {
    en = "What does a server have to keep for a SYN that may come from nobody?",
    zh = "收到一个可能来自子虚乌有的 SYN，服务器必须为它保留什么？",
  },
  about = {
    en = "An attacker sends SYNs with addresses that never answer. With a backlog, each takes a whole TCB and a place until "
      .. "R2 gives it up minutes later: a few SYNs shut the service, and the client's own SYNs are dropped. A SYN cache "
      .. "keeps a small entry instead, and drops the oldest for the newest: who answers within a round trip gets through. "
      .. "SYN cookies keep nothing: what is needed stands in the sequence number of the SYN,ACK, and comes back in the ACK.",
    zh = "攻击者用从不应答的地址发 SYN。有 backlog 的服务器为每个 SYN 占用一个完整的 TCB 和一个名额，"
      .. "要等几分钟后到 R2 才放弃：几个 SYN 就能关掉服务，客户端自己的 SYN 也被丢弃。SYN cache 只保留很小的一项，"
      .. "满了就为最新的丢掉最旧的：一个往返时间之内应答的人能够通过。SYN cookie 什么也不保留："
      .. "需要的信息写在 SYN,ACK 的序列号里，随 ACK 带回来。",
  },
  source = { "RFC 4987 2, 3.5, 3.6" },
  wireshark = {
    completeness = {
      attacker = "Incomplete, SYN_SENT (1)",
      client = { "Incomplete, SYN_SENT (1)", "Complete, WITH_DATA (31)", "Complete, WITH_DATA (31)" },
      backlog = {
        "Incomplete, CLIENT_ESTABLISHED (3)", "Incomplete, CLIENT_ESTABLISHED (3)",
        "Incomplete, SYN_SENT (1)", "Incomplete, SYN_SENT (1)",
      },
      cache = {
        "Incomplete, CLIENT_ESTABLISHED (3)", "Incomplete, CLIENT_ESTABLISHED (3)",
        "Incomplete, CLIENT_ESTABLISHED (3)", "Complete, WITH_DATA (31)",
      },
      cookies = {
        "Incomplete, CLIENT_ESTABLISHED (3)", "Incomplete, CLIENT_ESTABLISHED (3)",
        "Incomplete, CLIENT_ESTABLISHED (3)", "Complete, WITH_DATA (31)",
      },
    },
  },
}

local attacker = host "attacker"
local nobody = host "nobody" { address = "192.0.2.1" }
local client = host "client" { isn = 100 }
local servers = {
  host "backlog" { isn = 300 },
  host "cache" { isn = 300, syn_queue = "cache" },
  host "cookies" { syn_queue = "cookies" },
}
for _, server in ipairs(servers) do
  link(client, server) { delay = 20 * ms }
  link(attacker, server) { delay = 1 * ms }
  server:serves(80, { backlog = 2 }) { recv(5), send "200 OK", close() }
end

local function flood(server)
  local syns = {}
  for port = 1001, 1003 do
    syns[#syns + 1] = inject { from = nobody, to = server, by = attacker, flags = "SYN", seq = 7000,
                               source_port = port, destination_port = 80 }
    syns[#syns + 1] = sleep(2 * ms)
  end
  attacker:runs(syns)
end

for _, server in ipairs(servers) do flood(server) end
client:runs { sleep(20 * ms), connect(servers[1], 80, { wait = false }), sleep(800 * ms), abort() }
for i = 2, 3 do
  client:runs { sleep(20 * ms), connect(servers[i], 80), send "GET /", recv_eof(), close() }
end

expect({ en = "the backlog is full of whole connections", zh = "backlog 里满是完整的连接" }, 100 * ms, function (w)
  return w.backlog.open == 2 and w.backlog.accepted == 0
end)
expect({ en = "the cache keeps entries, and a connection for the client alone",
         zh = "cache 里只有小项，连接只为客户端而建" }, 90 * ms, function (w)
  return w.cache.half_open == 1 and w.cache.open == 1
end)
expect({ en = "cookies keep nothing, but a connection for the client",
         zh = "cookie 什么也不保留，只为客户端建了连接" }, 90 * ms, function (w)
  return w.cookies.half_open == 0 and w.cookies.open == 1
end)
finally({ en = "the cache and the cookies have served the client", zh = "cache 与 cookie 都接待了客户端" }, function (w)
  return w.backlog.accepted == 0 and w.client.connection(2).received == "200 OK"
    and w.client.connection(3).received == "200 OK"
end)
ends(900 * ms)
