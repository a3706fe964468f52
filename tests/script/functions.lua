local client, server = host "client", host "server"
link(client, server) { delay = 1 * ms }
local opened, seen_state = 0, "?"
client:runs {
  connect(server, 80),
  function (w) opened, seen_state = w.client.opened, w.client.connections[1].state end,
  send "x",
  close(),
}
server:serves(80) { recv_eof(), close() }
finally("the function looked", function (w) return opened == 1 and seen_state == "ESTABLISHED" end)
