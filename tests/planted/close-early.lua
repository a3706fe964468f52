-- CLOSE comes while text still waits for the window.

scenario { title = { en = "Closed with text queued", zh = "数据排队时关闭" } }

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300, receive_buffer = 6 }
link(client, server) { delay = 20 * ms }
faults { loss = 0.1, heals = 30 * s }

client:runs { connect(server, 80), send "0123456789", close(), recv_eof() }
server:serves(80) { recv_eof(), close() }

finally "everything-closed"
finally "nobody-reset"
