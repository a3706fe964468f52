-- For "synfin prove-rules": an ACK is lost, then text. What comes next brings the answer that tells where the gap is.

scenario {
  title = { en = "A gap, and an ACK that was lost", zh = "有缺口，而先前的 ACK 丢了" },
  source = { "RFC 9293 3.10.7.4, seventh; MAY-13" },
  needs = "gap-is-reported",
  measure = "octets",
}

local client = host "client" { isn = 100, mss = 1000, msl = 1 * s }
local server = host "server" { isn = 300, mss = 1000, msl = 1 * s, delayed_ack = 0 }
link(client, server) { delay = 20 * ms }

fate { from = server, flags = "ACK", nth = 1, drop = true }
fate { from = client, text = true, nth = 2, drop = true }

client:runs { connect(server, 80), send(fill(3000)), sleep(3 * s), close(), recv_eof() }
server:serves(80) { recv(3000), recv_eof(), close() }

finally "everything-closed"
