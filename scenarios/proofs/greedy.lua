-- For "synfin explore" and "synfin prove-rules": a sender that heeds no window, and a receiver with little room.

scenario {
  title = { en = "A sender that heeds no window", zh = "无视窗口的发送方" },
  source = { "RFC 9293 3.10.7.4, first" },
  needs = "text-beyond-window-is-cut-off",
}

local client = host "client" { isn = 100, without = "window-bounds-sending" }
local server = host "server" { isn = 300, receive_buffer = 2 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "ABCD", close(), recv_eof() }
server:serves(80) { sleep(1 * s), recv_eof(), close() }

always({ en = "no more text waits for the reader than the buffer has room for", zh = "等待读取的数据不超过缓冲区" },
  function (w)
    local visit = w.server.connection(1)
    return not visit.accepted or visit.peer_closed or visit.rcv_nxt - visit.irs - 1 - #visit.received <= 2
  end)
finally({ en = "everything arrived", zh = "数据全部到达" }, function (w)
  return w.server.connection(1).received == "ABCD"
end)
