-- For "synfin explore" and "synfin prove-rules": the last ACK of a connection is lost.

scenario {
  title = { en = "The last ACK, in every order of events", zh = "最后一个 ACK 的一切时序" },
  source = { "RFC 9293 3.6.1" },
  needs = "time-wait-acks-repeated-fin",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), close(), recv_eof(), wait_closed() }
server:serves(80) { recv_eof(), close(), wait_closed() }

finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out and not w.server.connection(1).timed_out
end)
finally "nobody-reset"
