-- expect: host: the name is 0 bytes long; it must have 1 to 32
local h = host ""
