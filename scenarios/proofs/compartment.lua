-- For "synfin explore" and "synfin prove-rules": a segment of another security compartment has the right numbers.

scenario {
  title = { en = "Text of another compartment", zh = "另一个安全隔间的数据" },
  source = { "RFC 9293 3.10.7.4, third; A.1" },
  needs = "compartment-must-match",
}

local client = host "client" { isn = 100 }
local server = host "server" { isn = 300 }
local attacker = host "attacker"
link(client, server) { delay = 20 * ms }
link(attacker, server) { delay = 20 * ms }

client:runs { connect(server, 80, { may_fail = true }) }
server:serves(80) {}
attacker:runs {
  observe { from = client, to = server, flags = "ACK" },
  inject { from = client, to = server, by = attacker, flags = "PSH,ACK", seq = seen.end_seq, ack = seen.ack,
           text = "rm *", compartment = 1 },
}

always({ en = "nothing passes from one compartment into another", zh = "没有数据从一个安全隔间进入另一个" }, function (w)
  return not w.server.connection(1).foreign_text
end)
