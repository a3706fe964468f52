-- The server's window is closed, and it opens; of two segments that say so the older one may come last.

scenario { title = { en = "Which window is the newest", zh = "哪个窗口最新" } }

local client = host "client" { isn = 100, delayed_ack = 0, nagle = false }
local server = host "server" { isn = 300, receive_buffer = 8, delayed_ack = 0, nagle = false }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "01234567", recv(4) }
server:serves(80) { sleep(1 * s), send "OK", sleep(1 * s), recv(8), send "OK" }

finally({ en = "the sender knows the window", zh = "发送方知道窗口" }, function (w)
  local c, s = w.client.connection(1), w.server.connection(1)
  return c.snd_wnd == s.rcv_wnd, {
    en = "it takes it for " .. c.snd_wnd .. ", and it is " .. s.rcv_wnd,
    zh = "它以为是 " .. c.snd_wnd .. "，其实是 " .. s.rcv_wnd,
  }
end)
