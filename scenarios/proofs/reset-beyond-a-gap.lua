-- For "synfin explore" and "synfin prove-rules": text is lost and its sender aborts, so that the reset stands beyond
-- the next number.

scenario {
  title = { en = "A reset beyond a gap", zh = "缺口之后的 RST" },
  source = { "RFC 5961 3" },
  needs = "challenge-ack-for-rst",
  bounds = { drop = 0 },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), link_down(client, server), send "GET", link_up(client, server), abort() }
server:serves(80) { recv_eof { fails = "connection reset" } }

finally "everything-closed"
