-- For "synfin prove-rules": a client returns from the same port with a lower number, and a later timestamp.

scenario {
  title = { en = "A lower number with a later timestamp", zh = "序列号更低，时间戳更新" },
  source = { "RFC 6191 2" },
  needs = "time-wait-takes-newer-timestamp",
  measure = "time",
}

local client = host "client" { isn = { 100000, 100 }, options = { "timestamps" } }
local server = host "server" { isn = { 300, 900 }, msl = 5 * s, options = { "timestamps" } }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80, { from = 5000 }), recv_eof(), close(), sleep(500 * ms),
              connect(server, 80, { from = 5000 }), close(), recv_eof() }
server:serves(80) { close(), recv_eof() }

finally "everything-closed"
