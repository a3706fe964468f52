-- expect: used up its budget of 2 million steps
-- One instruction copies all arguments.
local function f(...)
  while true do local _ = select('#', ...) end
end
f(table.unpack({}, 1, 300000))
