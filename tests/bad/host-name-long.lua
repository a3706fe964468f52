-- expect: it must have 1 to 32
local h = host(string.rep("x", 33))
