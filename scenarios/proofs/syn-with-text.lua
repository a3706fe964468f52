-- For "synfin explore" and "synfin prove-rules": somebody forges a SYN that carries text.

scenario {
  title = { en = "Text on a forged SYN", zh = "伪造的 SYN 带着数据" },
  source = { "RFC 9293 3.10.7.3, fourth; 3.5, figure 7" },
  needs = "syn-text-waits-for-established",
}

local left = host "left" { isn = 100 }
local right = host "right" { isn = 300 }
local attacker = host "attacker"
link(left, right) { delay = 20 * ms }
link(attacker, left) { delay = 20 * ms }

left:runs { connect(right, 5001, { from = 5000, wait = false }), recv(4, { may_fail = true }) }
attacker:runs {
  inject { from = right, to = left, by = attacker, flags = "SYN", seq = 700, text = "rm *",
           source_port = 5001, destination_port = 5000 },
}

always({ en = "nobody reads what no peer stands behind", zh = "背后没有对端的数据，谁也读不到" }, function (w)
  return w.left.connection(1).received == ""
end)
