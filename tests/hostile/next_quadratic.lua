-- expect: used up its budget of 2 million steps
-- next looks at every key each time.
local t = {}
for i = 1, 10000 do t['k' .. i] = i end
local k
repeat k = next(t, k) until k == nil
