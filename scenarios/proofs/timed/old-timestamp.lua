-- For "synfin prove-rules": a segment with numbers that fit and a timestamp that is older than what has arrived.

scenario {
  title = { en = "An old duplicate after the numbers have wrapped", zh = "序列号绕回之后的旧重复报文段" },
  source = { "RFC 7323 5.3" },
  needs = { "old-timestamp-is-refused", "timestamps-on-every-segment" },
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s, options = { "timestamps" } }
local server = host "server" { isn = 300, msl = 1 * s, options = { "timestamps" } }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", sleep(2 * s), send " /", close(), recv_eof() }
server:serves(80) { recv(5), recv_eof(), close() }
attacker:runs {
  sleep(1 * s),
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK", seq = server.rcv_nxt, ack = server.snd_nxt,
           text = "XX", timestamps = { val = 0, ecr = 0 } },
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK", seq = server.rcv_nxt, ack = server.snd_nxt,
           text = "YY" },
}

finally({ en = "no foreign text was read", zh = "没有读到外来的数据" }, function (w)
  return w.server.connection(1).received == "GET /"
end)
