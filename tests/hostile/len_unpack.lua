-- expect: too many results to unpack
-- More results than a stack has room for.
table.unpack(setmetatable({}, { __len = function() return 1 << 62 end }))
