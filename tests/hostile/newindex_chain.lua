-- expect: used up its budget of 2 million steps
-- Assignments through a chain of 700 tables.
local t = {}
for _ = 1, 700 do t = setmetatable({}, { __newindex = t }) end
while true do t.x = nil end
