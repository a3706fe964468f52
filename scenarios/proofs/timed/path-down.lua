-- For "synfin prove-rules": the path is down for a while. Whoever repeats at one pace sends into it again and again.

scenario {
  title = { en = "The path is down for a while", zh = "路径中断了一阵" },
  source = { "RFC 6298 5.5; RFC 9293 3.8.3" },
  needs = "timeout-doubles-rto",
  measure = "segments",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms, down = { { 50 * ms, 20 * s } } }

client:runs { connect(server, 80), sleep(20 * ms), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", recv_eof(), close() }

finally "everything-closed"
