-- expect: no user timeout is longer than a day
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), user_timeout(3000 * min) }
