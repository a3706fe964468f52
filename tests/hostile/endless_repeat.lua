-- expect: used up its budget of 2 million steps
-- Does something in its loop.
local n = 0
repeat n = n + 1 until n < 0
