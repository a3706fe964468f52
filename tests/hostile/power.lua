-- expect: operator ^
-- Powers come from the C library.
local text = "2^3" -- 2^3
local long = [[2^3]] --[==[ 2^3 ]==]
return 2^3
