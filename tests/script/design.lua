-- The example of the design, word for word.
scenario {
  title  = { en = "Stale duplicate SYN", zh = "滞留的重复 SYN" },
  about  = { en = "Why three segments and not two.", zh = "为什么是三次握手而不是两次。" },
  source = { "the article, 三次握手的意义", "RFC 9293 figure 8" },
  needs  = "three-way-handshake",                                     -- the rule that saves the day
}
local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

fate { from = client, flags = "SYN", connection = 1, hold = 3 * s }   -- the first visit's SYN, and its repetitions

client:runs { connect(server, 80, { wait = false }), sleep(2 * s), abort(),     -- the user loses patience, reloads
              connect(server, 80), send "GET /", recv_eof(), close() }
server:serves(80) { recv(5), send "200 OK", close() }                 -- once for each accepted connection

always "synchronized-ends-agree"                                      -- a built-in property, by its name
finally("one visitor was served", function (w) return w.server.accepted == 1 end)
