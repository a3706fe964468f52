-- For "synfin explore" and "synfin prove-rules": both have filled the other's window, and one reads only when it has sent.

scenario {
  title = { en = "Two closed windows", zh = "两个关闭的窗口" },
  source = { "RFC 9293 3.10.7.4, first; MUST-66" },
  needs = "zero-window-takes-acks",
  bounds = { drop = 0, duplicate = 0, overtake = 1 },
}

local client = host "client" { isn = 100, receive_buffer = 2, send_buffer = 3 }
local server = host "server" { isn = 300, receive_buffer = 2 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "ABCDEF", recv(3) }
server:serves(80) { send "abc", sleep(1 * s), recv(6) }

finally({ en = "everything arrived", zh = "数据全部到达" }, function (w)
  return w.server.connection(1).received == "ABCDEF" and w.client.connection(1).received == "abc"
end)
finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out and not w.server.connection(1).timed_out
end)
