-- For "synfin prove-rules": a receiver with little room, and more text than it has room for. Without the rule all of it
-- arrives, too, but some of it twice.

scenario {
  title = { en = "More text than the window has room for", zh = "数据多于窗口的容量" },
  source = { "RFC 9293 3.8.6" },
  needs = "window-bounds-sending",
  measure = "octets",
}

local client = host "client" { isn = 100, mss = 100, msl = 1 * s }
local server = host "server" { isn = 300, receive_buffer = 200 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(1000)), close(), recv_eof() }
server:serves(80) { sleep(1 * s), recv_eof(), close() }

finally({ en = "everything arrived", zh = "数据全部到达" }, function (w)
  return w.server.connection(1).received == fill(1000)
end)
