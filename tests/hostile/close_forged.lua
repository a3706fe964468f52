-- expect: non-closable
-- The metatable is read when it is set, not later.
local mt = {}
local t = setmetatable({}, mt)
mt.__close = function() while true do end end
local x <close> = t
