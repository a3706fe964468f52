-- expect: sack: a SYN has no blocks; it has sack_permitted = true
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "SYN", seq = 1, sack = { { 1, 2 } } } }
