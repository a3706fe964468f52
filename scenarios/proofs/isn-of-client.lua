-- For "synfin explore" and "synfin prove-rules": the client opens, gives up, and opens again from the same port. Its
-- numbers follow a clock.

scenario {
  title = { en = "The client's numbers move on", zh = "客户端的序列号随时钟前进" },
  source = { "RFC 9293 3.4.1, MUST-8" },
  needs = "isn-from-clock",
}

local client = host "client"
local server = host "server" { isn = { 300, 100000, 200000, 300000 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000 }), send "Ann: 100;", abort(),
  connect(server, 80, { from = 5000 }), send "Bob: 007;",
}
server:serves(80) { recv(9, { may_fail = true }) }

always({ en = "nobody reads what was sent on an earlier connection", zh = "没有人读到早先连接上发送的内容" }, function (w)
  for _, connection in ipairs(w.server.connections) do
    local received = connection.received
    if connection.foreign_text then return false, { en = "received: " .. received, zh = "收到了：" .. received } end
  end
  return true
end)
