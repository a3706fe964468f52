-- expect: used up its budget of 2 million steps
-- A length that is never found out.
local t = setmetatable({}, { __len = function() while true do end end })
return #t
