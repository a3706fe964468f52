-- expect: __gc
-- Code that runs whenever the collector likes.
setmetatable({}, { __gc = function() while true do end end })
