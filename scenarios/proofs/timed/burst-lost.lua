-- For "synfin prove-rules": five segments are lost together. After the timeout, each ACK asks for the next.

scenario {
  title = { en = "Five segments lost together", zh = "五个报文段一起丢失" },
  source = { "RFC 5681 3.1" },
  needs = "partial-ack-repeats-next",
  measure = "time",
}

local client = host "client" { isn = 100, mss = 1000, msl = 1 * s }
local server = host "server" { isn = 300, mss = 1000, msl = 1 * s }
link(client, server) { delay = 20 * ms, down = { { 50 * ms, 500 * ms } } }

client:runs { connect(server, 80), sleep(20 * ms), send(fill(5000)), close(), recv_eof() }
server:serves(80) { recv(5000), recv_eof(), close() }

finally "everything-closed"
