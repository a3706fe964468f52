-- For "synfin explore" and "synfin prove-rules": an attacker who has seen nothing forges an ICMP error against a SYN.

scenario {
  title = { en = "A guessed ICMP error", zh = "凭猜测伪造的 ICMP 差错" },
  source = { "RFC 5927 4.1" },
  needs = "icmp-must-quote-flight",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, client) { delay = 20 * ms }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }
attacker:runs {
  inject { icmp = "port-unreachable", quote = { seq = 7000, source_port = 49152, destination_port = 80 }, from = server,
           to = client, by = attacker },
}

finally "everything-closed"
