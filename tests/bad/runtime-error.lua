-- expect: attempt to perform arithmetic on a nil value
local t = {}
local x = t.a + 1
