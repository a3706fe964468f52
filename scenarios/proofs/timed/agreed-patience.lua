-- For "synfin prove-rules": the server says that it will be away for long; the client is less patient of itself.

scenario {
  title = { en = "A timeout agreed on", zh = "商定的超时" },
  source = { "RFC 5482 3.1" },
  needs = "user-timeout-is-agreed",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s, user_timeout = 20 * s, options = { "user-timeout" }, r2 = 300 * s }
local server = host "server" { isn = 300, msl = 1 * s, user_timeout = 200 * s, options = { "user-timeout" } }
link(client, server) { delay = 20 * ms, down = { { 1 * s, 90 * s } } }

client:runs { connect(server, 80), sleep(2 * s), send "GET", close(), recv_eof() }
server:serves(80) { recv(3), recv_eof(), close() }

finally "everything-closed"
