-- For "synfin explore" and "synfin prove-rules": more text than the window has room for, and a reader who is slow.

scenario {
  title = { en = "A small window", zh = "小窗口" },
  source = { "RFC 9293 3.8.6, 3.10.4" },
  needs = {
    "fin-waits-for-queued-text",
    "zero-window-is-no-death",
    "zero-window-is-probed",
  },
  bounds = { drop = 1, duplicate = 0, overtake = 1 },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, receive_buffer = 2 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "ABCDE", close(), recv_eof() }
server:serves(80) { sleep(1 * s), recv_eof(), close() }

finally({ en = "everything arrived", zh = "数据全部到达" }, function (w)
  return w.server.connection(1).received == "ABCDE"
end)
finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out
end)
finally "everything-closed"
finally "nobody-reset"
