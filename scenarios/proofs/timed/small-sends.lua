-- For "synfin prove-rules": ten small SENDs, ten milliseconds apart.

scenario {
  title = { en = "Ten small sends", zh = "十次小的发送" },
  source = { "RFC 9293 3.7.4" },
  needs = "nagle",
  measure = "segments",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 100 * ms }

client:runs { connect(server, 80), times(10, { send "tick ", sleep(10 * ms) }), close(), recv_eof() }
server:serves(80) { recv(50), recv_eof(), close() }

finally "everything-closed"
