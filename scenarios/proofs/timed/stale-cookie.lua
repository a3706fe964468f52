-- For "synfin prove-rules": somebody has kept the ACK of a handshake and sends it again when the visit is long over.

scenario {
  title = { en = "An ACK from the day before", zh = "隔夜的 ACK" },
  source = { "RFC 4987 3.6" },
  needs = "syn-cookies-expire",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { syn_queue = "cookies", msl = 1 * s }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

attacker:runs {
  observe { from = client, flags = "ACK" },
  sleep(150 * s),
  inject { from = client, to = server, by = attacker, flags = "ACK", seq = seen.seq, ack = seen.ack,
           source_port = seen.source_port, destination_port = 80 },
}
client:runs { connect(server, 80), send "GET /", close(), recv_eof() }
server:serves(80) { recv(5, { may_fail = true }), recv_eof { may_fail = true }, close { may_fail = true } }

finally({ en = "one visitor was accepted once", zh = "一位访客只接待了一次" }, function (w)
  return w.server.accepted == 1
end)
