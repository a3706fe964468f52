-- expect: used up its budget of 2 million steps
-- The error value has to become text.
error(setmetatable({}, { __tostring = function() while true do end end }))
