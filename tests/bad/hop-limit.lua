-- expect: hop_limit: the number of hops is 0; it must be a whole number from 1 to 255
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), hop_limit(0) }
