-- For "synfin prove-rules": a bit of the text is flipped on the way.

scenario {
  title = { en = "A flipped bit", zh = "翻转的比特" },
  source = { "RFC 9293 3.1, MUST-3" },
  needs = "checksum-must-be-right",
  measure = "claims",
}

local client = host "client" { isn = 100, msl = 1 * s }
local server = host "server" { isn = 300, msl = 1 * s }
link(client, server) { delay = 20 * ms }

fate { from = client, text = true, nth = 1, corrupt = 8 * (20 + 20) + 7 }

client:runs { connect(server, 80), send "1000", close(), recv_eof() }
server:serves(80) { recv(4), recv_eof(), close() }

finally "text-is-from-this-incarnation"
finally "everything-closed"
