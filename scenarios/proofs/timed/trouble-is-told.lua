-- For "synfin prove-rules": the path is down for a minute, and the user would like to know.

scenario {
  title = { en = "Trouble is told", zh = "困难要告知" },
  source = { "RFC 9293 3.8.3, SHLD-9" },
  needs = "r1-is-reported",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms, down = { { 50 * ms, 60 * s } } }

client:runs { connect(server, 80), sleep(100 * ms), send "GET", close(), recv_eof() }
server:serves(80) { recv(3), recv_eof(), close() }

expect("the user knows that something is wrong", 30 * s, function (w) return w.client.connection(1).troubled end)
finally "everything-closed"
