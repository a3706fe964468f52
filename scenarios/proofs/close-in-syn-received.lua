-- For "synfin explore" and "synfin prove-rules": both open, and one closes before it is ESTABLISHED.

scenario {
  title = { en = "CLOSE in SYN-RECEIVED", zh = "在 SYN-RECEIVED 中 CLOSE" },
  source = { "RFC 9293 3.10.4; 3.5, figure 7" },
  needs = "close-in-syn-received-sends-fin",
  bounds = { drop = 0, overtake = 0 },
}

local left = host "left" { isn = 100 }
local right = host "right" { isn = 300 }
link(left, right) { delay = 20 * ms }

left:runs { connect(right, 5001, { from = 5000, wait = false }), wait_state "SYN-RECEIVED", close(), recv_eof() }
right:runs { connect(left, 5000, { from = 5001 }), recv_eof(), close() }

finally "everything-closed"
finally "nobody-reset"
