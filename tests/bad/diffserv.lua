-- expect: diffserv: the code point is 64; it must be a whole number from 0 to 63
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), diffserv(64) }
