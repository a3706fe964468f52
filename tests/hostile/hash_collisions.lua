-- expect: used up its budget of 2 million steps
-- One instruction follows a chain through the whole table.
local t, m = {}, (1 << 15) - 1
for i = 1, 1 << 15 do t[i * m] = i end
while true do local _ = t[-m] end
