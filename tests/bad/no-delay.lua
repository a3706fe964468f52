-- expect: no_delay is switched by true and false, not by nothing (nil)
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), no_delay() }
