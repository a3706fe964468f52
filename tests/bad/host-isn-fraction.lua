-- expect: isn is 1.5; it must be a whole number
local a = host "a" { isn = { 1, 1.5 } }
