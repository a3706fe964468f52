-- expect: used up its budget of 2 million steps
-- The same, caught: the attempts are paid for.
local s = ('x'):rep(1048576)
while true do pcall(function() return s .. s end) end
