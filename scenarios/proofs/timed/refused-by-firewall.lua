-- For "synfin prove-rules": a firewall answers every SYN with ICMP port unreachable.

scenario {
  title = { en = "Refused by a firewall", zh = "被防火墙拒绝" },
  source = { "RFC 9293 3.9.2.2", "RFC 5461 2" },
  needs = "hard-error-ends-opening",
  measure = "time",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", unreachable = "port" }

client:runs { connect(server, 80, { may_fail = true }) }
