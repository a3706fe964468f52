-- For "synfin explore" and "synfin prove-rules": both open, and one gives up before the other is ESTABLISHED.

scenario {
  title = { en = "Both open, and one gives up", zh = "双方同时打开，一方放弃" },
  source = { "RFC 9293 3.5.3, MUST-11" },
  needs = "active-open-is-refused",
}

local left = host "left" { isn = 100 }
local right = host "right" { isn = 300 }
link(left, right) { delay = 20 * ms }

left:runs { connect(right, 5001, { from = 5000, wait = false }), abort() }
right:runs { connect(left, 5000, { from = 5001, may_fail = true }) }

finally({ en = "the one that stayed was told", zh = "留下的一方得到了通知" }, function (w)
  return w.right.refused == 1
end)
finally "everything-closed"
