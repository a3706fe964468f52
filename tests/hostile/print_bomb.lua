-- expect: used up its budget of 2 million steps
-- Prints for ever.
local s = ('x'):rep(1000)
while true do print(s) end
