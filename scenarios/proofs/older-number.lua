-- For "synfin explore" and "synfin prove-rules": the server lingers in TIME-WAIT, and the client comes again with a
-- lower number.

scenario {
  title = { en = "Back with a lower number", zh = "带着更小的序列号再次来访" },
  source = { "RFC 9293 3.6.1, 3.10.7.4, second", "RFC 1337 3" },
  needs = { "rst-ends-time-wait", "unacceptable-ack-in-syn-sent-draws-rst" },
}

local client = host "client" { isn = { 900, 100 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
  connect(server, 80, { from = 5000 }), recv_eof(), close(),
}
server:serves(80) { close(), recv_eof() }
