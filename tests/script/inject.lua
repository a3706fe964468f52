-- An attacker who sees the handshake forges the one RST that RFC 5961 lets pass, with the victim's numbers.
local client, server, attacker = host "client", host "server", host "attacker"
link(client, server) { delay = 10 * ms }
link(attacker, client) { delay = 1 * ms }
link(attacker, server) { delay = 1 * ms }
client:runs { connect(server, 80), recv(1, { fails = "connection reset" }) }
server:serves(80) { sleep(1 * s), send("late", { fails = "connection reset", }) }
attacker:runs {
  observe { from = client, to = server, flags = "ACK" },
  sleep(100 * ms),
  inject { from = server, to = client, by = attacker, flags = "RST", seq = client.rcv_nxt + 1 - 1 },
  inject { from = client, to = server, by = attacker, flags = "RST", seq = seen.end_seq,
           source_port = seen.source_port, destination_port = seen.destination_port },
}
finally("the client was reset", function (w) return w.client.connection(1).resets == 1 end)
finally("and the server", function (w) return w.server.connection(1).resets == 1 end)
