-- For "synfin prove-rules": a long path, and a window that only a scaled field can show.

scenario {
  title = { en = "A window beyond 64 KiB", zh = "超过 64 KiB 的窗口" },
  source = { "RFC 7323 2.2" },
  needs = "window-is-scaled",
  measure = "time",
}

local client = host "client" { isn = 100, msl = 1 * s, mss = 8000, options = { "window-scale" } }
local server = host "server" { isn = 300, msl = 1 * s, mss = 8000, options = { "window-scale" }, receive_buffer = 1024 * KiB }
link(client, server) { delay = 50 * ms }

client:runs { connect(server, 80), send(fill(400 * KiB)), close(), recv_eof() }
server:serves(80) { recv(400 * KiB), recv_eof(), close() }

finally "everything-closed"
