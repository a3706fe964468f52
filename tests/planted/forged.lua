-- Somebody who sees the numbers forges what no TCP may believe: param("forgery") says what.

local forgery = param("forgery", "ack-of-unsent")
scenario { title = { en = "A forged segment", zh = "伪造的报文段" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv(2), close(), recv_eof() }
server:serves(80) { recv(3), send "OK", close(), recv_eof() }

local function forge(what)
  what.from, what.to, what.by = client, server, attacker
  return inject(what)
end
if forgery == "ack-of-unsent" then
  attacker:runs {
    observe { from = server, to = client, flags = "PSH,ACK" },
    forge { flags = "ACK", seq = seen.ack, ack = seen.end_seq + 10, wnd = 1000 },
  }
elseif forgery == "old-rst" then
  attacker:runs {
    observe { from = server, to = client, flags = "PSH,ACK" },
    forge { flags = "RST", seq = seen.ack - 1 },
  }
elseif forgery == "far-rst" then
  attacker:runs {
    observe { from = server, to = client, flags = "PSH,ACK" },
    forge { flags = "RST", seq = seen.ack + 1000000 },
  }
elseif forgery == "ack-of-nothing" then
  attacker:runs {
    observe { from = server, to = client, flags = "SYN,ACK" },
    forge { flags = "ACK", seq = seen.ack, ack = seen.seq, wnd = 1000 },
  }
elseif forgery == "wrong-ack" then
  attacker:runs {
    observe { from = server, to = client, flags = "SYN,ACK" },
    forge { flags = "ACK", seq = seen.ack, ack = seen.seq + 1000, wnd = 1000 },
  }
else
  error("no such forgery: " .. forgery)
end

finally "everything-closed"
