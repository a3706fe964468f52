-- For "synfin prove-rules": the second visit has a cookie, and saves a round trip by it.

scenario {
  title = { en = "A request with the SYN", zh = "请求随 SYN 而去" },
  source = { "RFC 7413 4.2" },
  needs = { "fast-open-sends-with-syn", "fast-open-takes-syn-text" },
  measure = "time",
}

local client = host "client" { isn = { 100, 900 }, msl = 1 * s }
local server = host "server" { isn = { 300, 1200 }, msl = 1 * s }
link(client, server) { delay = 20 * ms }

local get = connect(server, 80, { fast_open = true, text = "GET /" })
client:runs { get, recv_eof(), close(), get, recv_eof(), close() }
server:serves(80, { fast_open = true }) { recv(5), send "200 OK", close(), recv_eof() }

finally "everything-closed"
