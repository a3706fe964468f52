-- expect: used up its budget of 2 million steps
-- Plain search of much in much.
local s = ('a'):rep(1000000)
s:find(('a'):rep(500000) .. 'b', 1, true)
