-- For "synfin explore" and "synfin prove-rules": the client loses its memory and opens the connection again that the
-- server still has.

scenario {
  title = { en = "The client has forgotten", zh = "客户端忘记了连接" },
  source = { "RFC 9293 3.5.1, figure 9" },
  needs = "unacceptable-ack-in-syn-sent-draws-rst",
}

local client = host "client" { isn = { 100, 900 } }
local server = host "server" { isn = { 300, 700 } }
link(client, server) { delay = 20 * ms }

client:runs({ connect(server, 80, { from = 5000 }) }, { at_boot = true })
server:runs { wait_state "ESTABLISHED", crash(client), reboot(client) }
server:serves(80) {}

finally({ en = "the second connection is open at both ends", zh = "第二个连接在两端都已打开" }, function (w)
  return w.client.connection(2).state == "ESTABLISHED" and w.server.connection(2).state == "ESTABLISHED"
end)
