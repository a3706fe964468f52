-- expect: inject: mss, scale, sack_permitted and cookie stand in a SYN; nobody reads them elsewhere
local a, b = host "a", host "b"
link(a, b) {}
a:runs { inject { from = a, to = b, flags = "ACK", seq = 0, ack = 0, cookie = "12345678" } }
