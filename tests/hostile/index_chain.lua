-- expect: '__index' chain too long
-- Tables that are each other's __index.
local a, b = {}, {}
setmetatable(a, { __index = b })
setmetatable(b, { __index = a })
return a.x
