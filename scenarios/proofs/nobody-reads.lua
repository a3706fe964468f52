-- For "synfin explore" and "synfin prove-rules": the client closes its socket, and the server answers all the same.

scenario {
  title = { en = "Nobody reads the answer", zh = "没有人读的答复" },
  source = { "RFC 9293 3.6.1, SHLD-3" },
  needs = "text-after-close-draws-rst",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", sockets_close() }
server:serves(80) { recv_eof(), send "OK", wait_closed() }

finally({ en = "the server knows that nobody read its answer", zh = "服务器知道没有人读它的答复" }, function (w)
  return w.server.connection(1).resets == 1
end)
