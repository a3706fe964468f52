-- For "synfin prove-rules": the reader comes late, and the sender waits before a closed window.

scenario {
  title = { en = "The window opens again", zh = "窗口重新打开" },
  source = { "RFC 9293 3.8.6" },
  needs = "window-update-is-sent",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, receive_buffer = 10 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send(fill(20)), close(), recv_eof() }
server:serves(80) { sleep(1.5 * s), recv(20), recv_eof(), close() }

finally "everything-closed"
