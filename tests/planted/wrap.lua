-- A visit whose numbers cross 2^32 on both sides. The server speaks first, so that ACKs without text must count, too.

scenario { title = { en = "Numbers that wrap", zh = "序列号回绕" } }

local client = host "client" { isn = 4294967293, delayed_ack = 0, nagle = false }
local server = host "server" { isn = 4294967293, delayed_ack = 0, nagle = false }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), recv(4), send "GET", close(), recv_eof() }
server:serves(80) { send "HI", send "HI", recv(3), close(), recv_eof() }

finally "everything-closed"
finally "nobody-reset"
