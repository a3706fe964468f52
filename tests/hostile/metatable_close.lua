-- expect: __close
-- Code that runs while an error unwinds the stack.
local x <close> = setmetatable({}, { __close = function() while true do end end })
