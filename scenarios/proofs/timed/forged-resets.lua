-- For "synfin prove-rules": thirty forged resets hit the window in a second.

scenario {
  title = { en = "Thirty forged resets", zh = "三十个伪造的 RST" },
  source = { "RFC 5961 7" },
  needs = "challenge-acks-are-limited",
  measure = "segments",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), sleep(2 * s), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }
attacker:runs {
  sleep(100 * ms),
  times(30, { inject { from = client, to = server, by = attacker, flags = "RST", seq = server.rcv_nxt + 10 },
              sleep(10 * ms) }),
}

finally "everything-closed"
