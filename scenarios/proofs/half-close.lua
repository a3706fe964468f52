-- For "synfin explore" and "synfin prove-rules": the client closes behind its request, and the answer still comes.

scenario {
  title = { en = "Half-close, in every order of events", zh = "半关闭的一切时序" },
  source = { "RFC 9293 3.6; 3.10.4" },
  needs = {
    "ack-of-fin-ends-fin-wait-1",
    "ack-of-fin-ends-last-ack",
    "close-keeps-receiving",
    "close-sends-fin",
    "fin-ends-stream",
    "fin-takes-sequence-number",
    "fin-wait-1-needs-ack-of-fin",
    "last-ack-needs-ack-of-fin",
    "repeated-fin-is-a-fin",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv_eof(), wait_closed() }
server:serves(80) { recv_eof(), send "OK", close(), wait_closed() }

finally({ en = "both got what was sent", zh = "双方都收到了对方所发的内容" }, function (w)
  return w.client.connection(1).received == "OK" and w.server.connection(1).received == "GET"
end)
finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out and not w.server.connection(1).timed_out
end)
finally "nobody-reset"
