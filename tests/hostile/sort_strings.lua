-- expect: used up its budget of 2 million steps
-- Comparisons of long strings.
local t = {}
for i = 1, 20 do t[i] = ('x'):rep(1000000) .. i end
while true do table.sort(t, function(a, b) return a < b end) end
