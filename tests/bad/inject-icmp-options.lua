-- expect: an ICMP error has no 'sack'
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, icmp = "port-unreachable", quote = 1, sack = { { 1, 2 } } } }
