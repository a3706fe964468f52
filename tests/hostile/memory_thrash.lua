-- expect: the script used up its
-- Little is left: every allocation makes the collector look at everything.
local t = {}
for i = 1, 60 do t[i] = ('x'):rep(1048576 - i) end
for i = 1, 100000000 do local s = ('x'):rep(1000000 + i % 5) end
