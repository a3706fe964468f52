-- For "synfin prove-rules": text that was sent while the window was closed is overtaken by the ACK that opens it. Without
-- the rule the client believes the older segment, and sends nothing until its persist timer fires.

scenario {
  title = { en = "An old window behind a new one", zh = "旧窗口晚于新窗口到达" },
  source = { "RFC 9293 3.10.7.4, fifth" },
  needs = "window-from-newest-segment",
  measure = "time",
}

local client = host "client" { isn = 100, mss = 100, msl = 1 * s }
local server = host "server" { isn = 300, mss = 100, msl = 1 * s, receive_buffer = 200 }
link(client, server) { delay = 20 * ms }

fate { from = server, text = true, nth = 1, hold = 100 * ms }

client:runs { connect(server, 80), send(fill(200)), sleep(400 * ms), send(fill(200)), recv(2), recv_eof(), close() }
server:serves(80) { sleep(100 * ms), send "OK", sleep(50 * ms), recv(400), close(), recv_eof() }

finally "everything-closed"
