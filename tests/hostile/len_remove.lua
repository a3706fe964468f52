-- expect: used up its budget of 2 million steps
-- A length that isn't one.
local t = setmetatable({}, { __len = function() return 1 << 62 end })
table.remove(t, 1)
