-- For "synfin prove-rules": an old SYN has opened a connection halfway when the next one of the same ports arrives.

scenario {
  title = { en = "A second SYN in SYN-RECEIVED", zh = "SYN-RECEIVED 中又来一个 SYN" },
  source = { "RFC 9293 3.10.7.4, fourth" },
  needs = "newer-syn-returns-to-listen",
  measure = "segments",
}

local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000, wait = false }), abort(),
  connect(server, 80, { from = 5000 }), close(), recv_eof(),
}
server:serves(80) { recv_eof(), close() }

finally({ en = "one visitor was accepted", zh = "只接受了一位访客" }, function (w)
  return w.server.accepted == 1
end)
