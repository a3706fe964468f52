-- For "synfin prove-rules": one segment overtakes another, and its timestamp with it.

scenario {
  title = { en = "A newer timestamp arrives first", zh = "较新的时间戳先到" },
  source = { "RFC 7323 4.3 (2), 5.3" },
  needs = "timestamp-of-left-edge",
  measure = "octets",
}

local client = host "client" { isn = 100, msl = 1 * s, options = { "timestamps" }, nagle = false }
local server = host "server" { isn = 300, msl = 1 * s, options = { "timestamps" } }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 1, delay = 50 * ms }

client:runs { connect(server, 80), send "one, ", sleep(10 * ms), send "two.", close(), recv_eof() }
server:serves(80) { recv(9), recv_eof(), close() }

finally "everything-closed"
