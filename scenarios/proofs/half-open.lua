-- For "synfin explore" and "synfin prove-rules": the server crashes, and the client finds out when it sends.

scenario {
  title = { en = "The server has forgotten", zh = "服务器忘记了连接" },
  source = { "RFC 9293 3.5.1, figure 9" },
  needs = {
    "listen-answers-ack-with-rst",
    "open-sends-syn",
    "quiet-time",
    "resets-are-sent",
    "retransmission",
    "syn-ack-answers-syn",
    "syn-ack-opens-connection",
  },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), crash(server), reboot(server), send "GET", recv_eof { fails = "connection reset" } }
server:serves(80) { recv_eof() }

finally "everything-closed"
