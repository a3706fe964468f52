local client = host "client" { address = "2001:db8::1", isn = 4294967290 }
local server = host "server" { address = { "2001:db8::2:0:1" } }
link(client, server) { delay = 1 * ms }
client:runs { connect(server, 80), send(fill(3000)), recv(3000), close() }
server:serves(80) { serve "echo" }
finally("as much came back", function (w) return w.client.connection(1).received:len() == 3000 end)
finally("the ISN wrapped", function (w) return w.client.connection(1).iss == 4294967290 and w.client.connection(1).snd_nxt < 4000 end)
