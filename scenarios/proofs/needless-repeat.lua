-- For "synfin prove-rules": an ACK is lost, and text is sent again for nothing.

scenario {
  title = { en = "A needless repetition", zh = "多余的重传" },
  source = { "RFC 2883 4" },
  needs = "duplicate-is-reported",
  harmless = {
    en = "The sender may learn from it that it was too hasty; RFC 2883 leaves open what it does then, and this one does nothing.",
    zh = "发送方可以由此得知自己重传得太早；RFC 2883 没有规定之后怎么做，这里的发送方什么也不做。",
  },
}

local client = host "client" { isn = 100, options = { "sack" } }
local server = host "server" { isn = 300, options = { "sack" } }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET", close(), recv_eof() }
server:serves(80) { recv(3), recv_eof(), close() }

finally "everything-closed"
