-- No SYN ever gets through.

scenario {
  title = { en = "No answer to the SYN", zh = "SYN 有去无回" },
  question = {
    en = "How often, and for how long, does TCP knock at a door that nobody opens?",
    zh = "对方始终没有应答，TCP 会重发几次 SYN，坚持多久？",
  },
  about = {
    en = "Every SYN is lost. The client repeats it, always with the same initial sequence number, because it is the same "
      .. "SYN, and waits twice as long each time: 1, 2, 4 ... seconds, but never longer than a minute. After three minutes "
      .. "it gives up and the application gets \"connection timed out\". Three minutes are the least that RFC 9293 allows "
      .. "(MUST-23). Linux 6.18 sends at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s, four times without doubling, and gives "
      .. "up at 131 s: earlier than the RFC permits.",
    zh = "SYN 全部丢失。客户端一次次重发，初始序列号始终不变，因为这还是同一个 SYN；每次等待的时间加倍：1、2、4……秒，"
      .. "但不超过一分钟。三分钟后放弃，应用程序得到“连接超时”。三分钟是 RFC 9293 允许的下限（MUST-23）。"
      .. "Linux 6.18 在 0、1、2、3、4、5、7、11、19、35、67 秒发送，前四次重发并不加倍，到 131 秒就放弃，"
      .. "比 RFC 规定的更早。",
  },
  source = { "RFC 9293 3.8.3, MUST-23", "RFC 6298 2, 5.5" },
  needs = "syn-r2-at-least-three-minutes",
  wireshark = { completeness = "Incomplete, SYN_SENT (1)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", drop = true }

client:runs { connect(server, 80, { fails = "connection timed out" }) }
server:serves(80) { recv_eof(), close() }

-- The timeout that is running just after each SYN: what the client is going to wait before the next one.
for _, sent in ipairs { { 0, 1 }, { 1, 2 }, { 3, 4 }, { 7, 8 }, { 15, 16 }, { 31, 32 }, { 63, 60 }, { 123, 60 } } do
  local at, waits = sent[1], sent[2]
  expect({
    en = "after the SYN at " .. at .. " s the client waits " .. waits .. " s",
    zh = "第 " .. at .. " 秒发出 SYN 之后，客户端等待 " .. waits .. " 秒",
  }, at * s + 1 * ms, function (w)
    return w.client.connection(1).rto == waits * s
  end)
end
always({ en = "every SYN bears the same number", zh = "每个 SYN 的序列号都相同" }, function (w)
  local c = w.client.connection(1)
  return not c.exists or c.iss == 100 and c.snd_una == 100 and c.snd_nxt == 101
end)
expect({
  en = "just before 3 minutes the client still tries",
  zh = "3 分钟将满时，客户端仍在尝试",
}, 180 * s - 1 * ms, function (w)
  return w.client.connection(1).state == "SYN-SENT"
end)
expect({ en = "after 3 minutes it has given up", zh = "3 分钟之后，客户端放弃" }, 180 * s + 1 * ms, function (w)
  return w.client.connection(1).timed_out and w.client.open == 0
end)
finally({ en = "the server heard nothing", zh = "服务器什么也没有收到" }, function (w)
  return w.server.opened == 0
end)
