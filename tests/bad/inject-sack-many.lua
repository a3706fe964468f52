-- expect: sack is too long a list; a list of 1 to 4 is wanted
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "ACK", seq = 1, ack = 1, sack = { {1,2}, {3,4}, {5,6}, {7,8}, {9,10} } } }
