-- expect: a string may have at most 1 MiB
-- A list without an end.
local t = setmetatable({}, { __len = function() return 1 << 62 end, __index = function() return ('x'):rep(1000) end })
table.concat(t)
