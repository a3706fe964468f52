-- expect: profile is 4; it must be a string
local a = host "a" { profile = 4 }
