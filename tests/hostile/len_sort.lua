-- expect: array too big
-- A list of 2 to the 62nd elements.
table.sort(setmetatable({}, { __len = function() return 1 << 62 end }))
