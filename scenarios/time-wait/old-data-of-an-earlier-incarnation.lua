-- A copy of a data segment turns up when its connection is over and the same ports are in use again.

scenario {
  title = { en = "Old data of an earlier incarnation", zh = "上一个连接的旧数据" },
  question = {
    en = "What is it that TIME-WAIT waits for?",
    zh = "TIME-WAIT 究竟在等什么？",
  },
  about = {
    en = "The first connection pays Ann 100, once; the network makes a copy of that segment and keeps it for three seconds. "
      .. "The client closes and wants to use the same port again, with the same initial sequence number, to pay Bob 7. "
      .. "TIME-WAIT keeps the port pair blocked for 2 MSL, until every segment of the old connection is gone; the copy "
      .. "meets a server that knows no such connection. Without TIME-WAIT the copy lands in the second connection at "
      .. "exactly the number that is expected there: Ann is paid twice, and Bob's payment, which bears the same numbers, "
      .. "is thrown away as a duplicate, acknowledged. Neither end hears of an error. With --set isn=clock the "
      .. "initial sequence numbers follow RFC 6528, and the copy finds no window even where TIME-WAIT is missing.",
    zh = "第一个连接付给 Ann 100，只付一次；网络却把这个报文段复制了一份，扣留三秒。"
      .. "客户端关闭连接后，想用同一个端口、同一个初始序列号再连一次，付给 Bob 7。"
      .. "TIME-WAIT 把这对端口封锁 2MSL，等旧连接的报文段全部消失；那份副本遇到的只是一个查无此连接的服务器。"
      .. "没有 TIME-WAIT，副本就落进第二个连接，序列号正是那里所期待的：Ann 收到两次钱，"
      .. "而 Bob 的那笔因为序列号相同，被当作重复数据确认之后扔掉。两端都没有得到任何出错通知。"
      .. "加上 --set isn=clock，初始序列号按 RFC 6528 产生，那么即使没有 TIME-WAIT，这份副本也落在窗口之外。",
  },
  source = { "RFC 9293 3.4.1, 3.4.2, 3.6.1 (MUST-13)", "RFC 1337 1" },
  needs = "time-wait",
  wireshark = { completeness = "Complete, WITH_DATA (63)" },
}

local isn = param("isn", "fixed")
if isn ~= "fixed" and isn ~= "clock" then error('isn is "' .. isn .. '"; it must be fixed or clock', 0) end
local client = host "client" { isn = isn == "fixed" and 100 or nil }
local server = host "server" { isn = isn == "fixed" and 300 or nil }
link(client, server) { delay = 20 * ms }

fate { from = client, connection = 1, text = true, nth = 1, duplicate = 1, spacing = 3 * s }

client:runs { connect(server, 80, { from = 50000 }), send "Ann: 100;", sleep(60 * ms), close() }
client:runs {
  sleep_until(2.9 * s),
  note { en = "The same port again.", zh = "再次使用同一个端口。" },
  connect(server, 80, { from = 50000, may_fail = true }),
  sleep_until(3.045 * s),
  send "Bob: 007;",
  sleep(60 * ms),
  close(),
}
server:serves(80) { recv_eof(), close() }

always({
  en = "what is received was sent on that very connection",
  zh = "收到的内容都是在本次连接上发送的",
}, function (w)
  for _, connection in ipairs(w.server.connections) do
    local received = connection.received
    if connection.foreign_text then return false, { en = "received: " .. received, zh = "收到了：" .. received } end
  end
  return true
end)
finally({ en = "Ann was paid once", zh = "Ann 只收到一次钱" }, function (w)
  local paid = 0
  for _, connection in ipairs(w.server.connections) do
    if connection.received == "Ann: 100;" then paid = paid + 1 end
  end
  return paid == 1
end)
