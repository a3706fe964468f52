-- For speed.js: more steps than anybody will look at one by one.

scenario { title = { en = "Ten thousand steps", zh = "一万步" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms, jitter = 4 * ms, loss = 0.01 }

client:runs { connect(server, 80), request { times = 800, send = 5, recv = 3000 } }
server:serves(80) { serve { request = 5, response = 3000 } }
