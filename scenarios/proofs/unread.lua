-- For "synfin explore" and "synfin prove-rules": the server closes its socket, and what it never read must not seem to be received.

scenario {
  title = { en = "Closed with text unread", zh = "还有未读数据就关闭" },
  source = { "RFC 9293 3.6.1, SHLD-3" },
  needs = {
    "close-with-unread-text-resets",
    "rst-ends-connection",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", recv_eof { fails = "connection reset" } }
server:serves(80) { recv(1), sockets_close() }

finally "everything-closed"
