-- For "synfin explore" and "synfin prove-rules": the reset of an earlier connection of the same ports reaches TIME-WAIT.

scenario {
  title = { en = "An old reset in TIME-WAIT", zh = "旧的 RST 碰上 TIME-WAIT" },
  source = { "RFC 9293 3.10.7.4, second", "RFC 1337 2" },
  needs = "time-wait-checks-rst",
}

local client = host "client" { isn = { 100, 1000 } }
local server = host "server" { isn = { 300, 700, 1100, 1500 } }
link(client, server) { delay = 20 * ms }

client:runs {
  connect(server, 80, { from = 5000 }), abort(),
  connect(server, 80, { from = 5000 }), recv_eof(), close(), wait_closed(),
}
server:serves(80) { close { may_fail = true }, recv_eof { may_fail = true } }

finally({ en = "the visit came to an end in good order", zh = "第二次访问善始善终" }, function (w)
  return w.client.connection(2).resets == 0 and not w.client.connection(2).timed_out
end)
