-- expect: index a boolean value
-- It would change every string.
getmetatable('').__index = function() while true do end end
