-- The second segment of the teardown is lost, and the third does its work.

scenario {
  title = { en = "The ACK of the FIN is lost", zh = "第二次挥手丢失" },
  question = {
    en = "Why does the third segment of the teardown carry the same ack as the second?",
    zh = "第三次挥手为什么要带上与第二次相同的 ack？",
  },
  about = {
    en = "The server's ACK of the FIN is lost. Its own FIN follows soon, with the same ack = u+1, as every segment "
      .. "after the handshake carries the newest ack. So the client learns both at once and goes from FIN-WAIT-1 "
      .. "straight to TIME-WAIT; its FIN isn't sent again, because the answer came before its timer. Were the third "
      .. "segment late, the client would repeat its FIN: run it with --set wait=3s.",
    zh = "服务器对 FIN 的确认丢了。它自己的 FIN 随后就到，带着同样的 ack = u+1：握手之后的每个报文段都带着最新的确认"
      .. "号。客户端于是同时得知两件事，从 FIN-WAIT-1 直接进入 TIME-WAIT；答复赶在定时器之前到达，所以它的 FIN 不必重"
      .. "发。第三次挥手若来得太迟，客户端就会重发 FIN：不妨加上 --set wait=3s 运行一次。",
  },
  source = { "《关于TCP的握手与挥手》“小总结”（第三次挥手再次携带ACK）", "RFC 9293 3.10.7.4, eighth (FIN-WAIT-1)", "RFC 6298 2, 5" },
  wireshark = { completeness = "Complete, NO_DATA (23)" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

local wait = param("wait", 60 * ms) -- how long the server's application takes to close
fate { from = server, flags = "ACK", nth = 1, drop = true }

client:runs { connect(server, 80), sleep_until(1 * s), close(), recv_eof(), wait_closed() }
server:serves(80) { recv_eof(), sleep(wait), close(), wait_closed() }

-- When the third segment arrives: a FIN,ACK on its way for 20 ms, sent after `wait` in CLOSE-WAIT.
local third = 1 * s + 20 * ms + wait + 20 * ms
local in_time = third < 2 * s -- RTO is one second

always "synchronized-ends-agree"
expect({
  en = "the client hasn't heard that its FIN arrived",
  zh = "客户端还不知道自己的 FIN 已送达",
}, 1.05 * s, function (w)
  local c = w.client.connection(1)
  return c.state == "FIN-WAIT-1" and c.snd_una == 101 and w.server.connection(1).state == "CLOSE-WAIT"
end)
if in_time then
  expect({
    en = "the third segment leads from FIN-WAIT-1 straight to TIME-WAIT",
    zh = "第三次挥手让客户端从 FIN-WAIT-1 直接进入 TIME-WAIT",
  }, third + 1 * ms, function (w)
    local c = w.client.connection(1)
    return c.state == "TIME-WAIT" and c.snd_una == 102
  end)
  expect({ en = "nobody's timer went off", zh = "谁的定时器都没有到期" }, third + 21 * ms, function (w)
    return w.client.connection(1).rto == 1 * s and w.server.open == 0
  end)
end
finally "everything-closed"
finally "nobody-reset"
