-- For "synfin explore" and "synfin prove-rules": an attacker opens a connection of his own, and guesses the number of
-- the next one.

scenario {
  title = { en = "The next number is guessed", zh = "猜中下一个序列号" },
  source = { "RFC 6528 1", "R. Morris, A Weakness in the 4.2BSD Unix TCP/IP Software, 1985" },
  needs = "isn-keyed-by-endpoints",
}

-- The client is trusted, and silent.
local client = host "client"
local server = host "server"
local attacker = host "attacker" { isn = 500 }
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

attacker:runs {
  crash(client),
  connect(server, 514), send "list",
  sleep_until(1 * s),
  inject { from = client, to = server, by = attacker, flags = "SYN", seq = 100,
           source_port = 1023, destination_port = 514 },
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK", seq = 101,
           ack = attacker:connection(1).irs + 250001, text = "rm *", source_port = 1023, destination_port = 514 },
}
server:serves(514) { recv(4) }

always({ en = "the server takes orders from nobody but the client", zh = "服务器只听从客户端本人" }, function (w)
  return w.server.connection(2).received == ""
end)
