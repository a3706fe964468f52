-- expect: fill: the length is 0; it must be a whole number from 1 to 1048576
local x = fill(0)
