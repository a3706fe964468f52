-- For "synfin explore" and "synfin prove-rules": what was sent as two segments is repeated as one.

scenario {
  title = { en = "Two segments repeated as one", zh = "两个报文段合成一个重传" },
  source = { "RFC 9293 3.10.7.4, first" },
  needs = "old-text-is-cut-off",
  bounds = { drop = 1, duplicate = 0, overtake = 0, fire = 1 },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "AB", send "CD", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally({ en = "every octet arrived once", zh = "每个字节恰好收到一次" }, function (w)
  return w.server.connection(1).received == "ABCD"
end)
finally "everything-closed"
finally "nobody-reset"
