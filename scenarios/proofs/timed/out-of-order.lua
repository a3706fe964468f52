-- For "synfin prove-rules": the first of five segments is lost. Those behind it need not be sent again.

scenario {
  title = { en = "Text beyond a gap", zh = "缺口之后的数据" },
  source = { "RFC 9293 3.10.7.4, first; SHLD-31" },
  needs = "out-of-order-text-is-held",
  measure = "octets",
}

local client = host "client" { isn = 100, mss = 1000, msl = 1 * s }
local server = host "server" { isn = 300, mss = 1000, msl = 1 * s }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 1, drop = true }

client:runs { connect(server, 80), send(fill(5000)), close(), recv_eof() }
server:serves(80) { recv(5000), recv_eof(), close() }

finally "everything-closed"
