-- expect: nagle is 1; it must be true or false
local a = host "a" { nagle = 1 }
