-- expect: __call must be a function
-- A table that is its own __call: Lua would look for the function forever.
local t = {}
setmetatable(t, { __call = t })
t()
