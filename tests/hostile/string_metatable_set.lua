-- expect: table expected
-- Strings take no other metatable.
setmetatable('', {})
