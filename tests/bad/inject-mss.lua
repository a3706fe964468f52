-- expect: stand in a SYN; nobody reads them elsewhere
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "ACK", seq = 1, ack = 1, mss = 536 } }
