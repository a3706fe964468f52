-- expect: user_timeout: the time is whole milliseconds; 0 switches it off
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), user_timeout(5) }
