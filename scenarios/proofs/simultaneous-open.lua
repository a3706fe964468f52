-- For "synfin explore" and "synfin prove-rules": two hosts open the same connection towards each other.

scenario {
  title = { en = "Both open, in every order of events", zh = "双方同时打开的一切时序" },
  source = { "RFC 9293 3.5, figure 7" },
  needs = {
    "closing-needs-ack-of-fin",
    "simultaneous-open",
    "unacceptable-segment-draws-ack-not-rst",
    "unacceptable-segment-is-answered",
  },
}

local left = host "left" { isn = 100 }
local right = host "right" { isn = 300 }
link(left, right) { delay = 20 * ms }

left:runs { connect(right, 5001, { from = 5000 }), close(), recv_eof() }
right:runs { connect(left, 5000, { from = 5001 }), close(), recv_eof() }

finally({ en = "there was one connection", zh = "只有一个连接" }, function (w)
  return w.left.opened == 1 and w.right.opened == 1
end)
finally "everything-closed"
