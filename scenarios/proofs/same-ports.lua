-- For "synfin explore" and "synfin prove-rules": an old SYN and a new one have the same ports.

scenario {
  title = { en = "The same ports again", zh = "再次使用同一对端口" },
  source = { "RFC 9293 3.5.1, figure 8" },
  needs = {
    "ack-acceptable-in-syn-received",
    "ack-acceptable-in-syn-sent",
    "close-sends-fin",
    "fin-takes-sequence-number",
    "fin-wait-1-needs-ack-of-fin",
    "listen-ignores-rst",
    "passive-open-returns-to-listen",
    "rst-must-be-in-window",
  },
}

local client = host "client" { isn = { 90, 100 } }
local server = host "server" { isn = { 300, 400, 500, 600 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000, wait = false }),
  abort(),
  connect(server, 80, { from = 5000 }),
  close(),
  recv_eof(),
}
server:serves(80) { recv_eof { may_fail = true }, close { may_fail = true } }

finally({ en = "one visitor was accepted", zh = "只接受了一位访客" }, function (w)
  return w.server.accepted == 1
end)
