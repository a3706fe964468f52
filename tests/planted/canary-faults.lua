-- A claim that holds until a SYN is lost: a check or an explore that lets it pass has no faults.

scenario { title = { en = "No SYN is ever lost", zh = "从不丢失 SYN" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 30 * s }

client:runs { connect(server, 80), close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

always({ en = "in SYN-SENT something is on its way", zh = "处于 SYN-SENT 时总有报文段在途" }, function (w)
  return w.client.connection(1).state ~= "SYN-SENT" or w.in_flight > 0
end)
