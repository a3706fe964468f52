-- For "synfin explore" and "synfin prove-rules": an attacker has guessed the sequence number, but no acknowledgment
-- number.

scenario {
  title = { en = "Forged text", zh = "伪造的数据" },
  source = { "RFC 9293 3.10.7.4, fifth; RFC 5961 5" },
  needs = { "far-too-old-ack-is-refused", "segment-needs-ack-bit" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }
attacker:runs {
  observe { from = client, to = server, flags = "PSH,ACK" },
  inject { from = client, to = server, by = attacker, flags = "PSH", seq = seen.seq, text = "BAD" },
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK", seq = seen.seq, ack = seen.ack - 1000000,
    text = "BAD" },
}

finally({ en = "the server got the client's text, and no other", zh = "服务器收到的是客户端的数据，别无其他" }, function (w)
  return w.server.connection(1).received == "GET"
end)
