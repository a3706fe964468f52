-- expect: host: the name is 7; it must be a string
local h = host(7)
