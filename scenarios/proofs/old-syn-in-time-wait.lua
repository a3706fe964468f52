-- For "synfin explore" and "synfin prove-rules": an old SYN, higher than all that came after it, meets TIME-WAIT.

scenario {
  title = { en = "An old SYN in TIME-WAIT", zh = "TIME-WAIT 中的旧 SYN" },
  source = { "RFC 9293 3.6.1, MAY-2 (2)" },
  needs = "time-wait-returns-after-old-syn",
  bounds = { drop = 0, duplicate = 0, overtake = 3 },  -- a doubled ACK would bring a reset: RFC 1337
}

local client = host "client" { isn = { 900, 100 } }
local server = host "server" { isn = { 300, 700, 1100, 1500 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000, wait = false }),
  abort(),
  connect(server, 80, { from = 5000, may_fail = true }),
  recv_eof { may_fail = true },
  close { may_fail = true },
}
server:serves(80) { close { may_fail = true }, recv_eof { may_fail = true } }

always({ en = "while something is in flight, TIME-WAIT is not over", zh = "还有报文段在途时，TIME-WAIT 不会结束" }, function (w)
  local first = w.server.connection(1)
  return not first.peer_closed or first.exists or w.in_flight == 0
end)
