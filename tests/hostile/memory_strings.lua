-- expect: the script used up its
-- Many long strings.
local t = {}
for i = 1, 1000 do t[i] = ('x'):rep(1000000) end
