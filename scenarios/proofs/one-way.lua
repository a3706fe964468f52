-- For "synfin explore" and "synfin prove-rules": text goes one way, and nothing but acknowledgments comes back.

scenario {
  title = { en = "A report that nobody answers", zh = "无人答复的报告" },
  source = { "RFC 9293 3.10.7.4, first" },
  needs = { "unacceptable-segment-draws-ack-not-rst", "unacceptable-segment-is-answered" },
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
link(client, server) { delay = 20 * ms }

client:runs { connect(server, 80), send "GET" }
server:serves(80) { recv(3) }

finally({ en = "nobody gave up", zh = "没有谁放弃" }, function (w)
  return not w.client.connection(1).timed_out
end)
finally "nobody-reset"
