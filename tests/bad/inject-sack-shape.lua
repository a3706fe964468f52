-- expect: sack: a block is { begin, end }, as in sack = { { 300, 400 } }
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "ACK", seq = 1, ack = 1, sack = { 5, 6 } } }
