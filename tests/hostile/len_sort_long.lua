-- expect: used up its budget of 2 million steps
-- A list of 2 to the 30th elements.
table.sort(setmetatable({}, { __len = function() return 1 << 30 end, __index = function() return 1 end }))
