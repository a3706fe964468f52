-- expect: ttl is 0; it must be a whole number from 1 to 255
local a = host "a" { ttl = 0 }
