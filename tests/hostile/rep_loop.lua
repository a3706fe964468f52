-- expect: used up its budget of 2 million steps
-- A megabyte, for ever.
while true do local s = ('x'):rep(1048576) end
