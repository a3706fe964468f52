-- One word, and its acknowledgment may be lost.

scenario { title = { en = "One word", zh = "只说一句" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET" }
server:serves(80) { recv(3) }

finally({ en = "it was heard, and he knows it", zh = "对方听到了，而且他知道" }, function (w)
  return w.server.connection(1).received == "GET" and w.client.connection(1).acknowledged == 3
end)
