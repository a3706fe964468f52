-- expect: ecr means nothing without ACK
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "SYN", seq = 1, timestamps = { val = 5, ecr = 5 } } }
