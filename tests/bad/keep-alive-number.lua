-- expect: keep_alive is switched by true and false, not by 60
local a = host "a"
local b = host "b"
link(a, b)
a:runs { connect(b, 80), keep_alive(60) }
