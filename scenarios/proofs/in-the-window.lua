-- For "synfin explore" and "synfin prove-rules": a forged RST hits the window, but not the next number.

scenario {
  title = { en = "A forged RST in the window", zh = "落在窗口内的伪造 RST" },
  source = { "RFC 9293 3.10.7.4; RFC 5961" },
  needs = {
    "ack-of-syn-opens-connection",
    "rst-must-be-exact",
    "send-sends-text",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", close(), recv_eof() }
attacker:runs {
  observe { from = server, to = client, flags = "PSH,ACK" },
  inject { from = client, to = server, by = attacker, flags = "RST", seq = seen.ack + 10 },
}

finally "everything-closed"
finally "nobody-reset"
