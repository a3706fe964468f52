-- expect: used up its budget of 2 million steps
-- A callable table: all arguments move up by one.
local t = setmetatable({}, { __call = function() end })
local function f(...) while true do t(...) end end
f(table.unpack({}, 1, 300000))
