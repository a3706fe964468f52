-- expect: dscp is 64; it must be a whole number from 0 to 63
local a = host "a" { dscp = 64 }
