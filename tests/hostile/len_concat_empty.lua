-- expect: used up its budget of 2 million steps
-- A list of nothing without an end.
local t = setmetatable({}, { __len = function() return 1 << 62 end, __index = function() return '' end })
table.concat(t)
