-- An old duplicate ends TIME-WAIT long before its time.

scenario {
  title = { en = "TIME-WAIT assassination", zh = "TIME-WAIT 被“暗杀”" },
  question = {
    en = "TIME-WAIT protects against old duplicates. Who protects TIME-WAIT?",
    zh = "TIME-WAIT 防的是旧的重复报文段。谁来保护 TIME-WAIT？",
  },
  about = {
    en = "The client lingers in TIME-WAIT. A copy of a data segment, late by three seconds, arrives; its number lies below "
      .. "the window, so the client answers by an ACK. The server has forgotten the connection and answers that ACK by RST "
      .. "with the very number that the ACK asked for. The reset is exact, and 3.10.7.4 (second) lets it end TIME-WAIT "
      .. "after three seconds instead of 240: the very kind of segment that TIME-WAIT waits for has put an end to the "
      .. "waiting. RFC 1337 found this and advises to ignore resets in TIME-WAIT (--set rfc1337=true). RFC 9293 doesn't, "
      .. "and Linux doesn't by default.",
    zh = "客户端停留在 TIME-WAIT。一份迟到三秒的数据报文段副本到达，序列号低于窗口，客户端便答以 ACK。"
      .. "服务器早已忘掉这个连接，对该 ACK 答以 RST，序列号正是那个 ACK 的确认号。这个 RST 准确无误，"
      .. "按 3.10.7.4（第二项）足以终止 TIME-WAIT：本该 240 秒，只过了三秒。"
      .. "TIME-WAIT 等的正是这种旧报文段，却被它断送。RFC 1337 发现了这一点，建议在 TIME-WAIT 中忽略 RST"
      .. "（--set rfc1337=true）。RFC 9293 并不忽略，Linux 默认也不忽略。",
  },
  source = { "RFC 1337 2, figure 1", "RFC 9293 3.10.7.4, second" },
  wireshark = { completeness = "Complete, WITH_DATA (63)" },
}

local rfc1337 = param("rfc1337", false)
local client = host "client" { isn = 100, without = rfc1337 and "rst-ends-time-wait" or nil }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = server, text = true, nth = 1, duplicate = 1, spacing = 3 * s }

client:runs { connect(server, 80), send "GET /", recv(6), close(), recv_eof() }
server:serves(80) { recv(5), send "200 OK", recv_eof(), close() }

expect({ en = "the client lingers", zh = "客户端停留在 TIME-WAIT" }, 3 * s, function (w)
  return w.client.connection(1).state == "TIME-WAIT"
end)
local after_reset = rfc1337 and { en = "it still does after the reset", zh = "RST 之后仍停留" }
  or { en = "the reset has ended it", zh = "RST 终止了等待" }
expect(after_reset, 4 * s, function (w)
  return w.client.open == (rfc1337 and 1 or 0)
end)
finally({ en = "the exchange itself was in order", zh = "数据交换本身一切正常" }, function (w)
  return w.client.connection(1).received == "200 OK" and w.server.connection(1).received == "GET /"
end)
