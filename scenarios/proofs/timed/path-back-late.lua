-- For "synfin prove-rules": the path is down for nearly two minutes, and the SYN that is repeated after two gets through.

scenario {
  title = { en = "A path that comes back late", zh = "很晚才恢复的路径" },
  source = { "RFC 9293 3.8.3, MUST-23" },
  needs = "syn-r2-at-least-three-minutes",
  measure = "claims",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms, down = { { 0 * s, 110 * s } } }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally "everything-closed"
