-- expect: '__newindex' chain too long
-- Tables that are each other's __newindex.
local a, b = {}, {}
setmetatable(a, { __newindex = b })
setmetatable(b, { __newindex = a })
a.x = 1
