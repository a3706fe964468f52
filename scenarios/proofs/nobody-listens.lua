-- For "synfin explore" and "synfin prove-rules": a SYN to a port that nobody serves.

scenario {
  title = { en = "Nobody listens", zh = "无人监听" },
  source = { "RFC 9293 3.5.2, group 1" },
  needs = {
    "rst-ends-syn-sent",
    "rst-for-unknown-connection",
    "rst-never-answers-rst",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 81, { fails = "connection reset" }) }
server:serves(80) { recv_eof(), close() }

finally({ en = "the server opened nothing", zh = "服务器没有打开任何连接" }, function (w)
  return w.server.opened == 0
end)
finally "everything-closed"
