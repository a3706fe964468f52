-- expect: isn is -1; it must be a whole number from 0 to 4294967295
local a = host "a" { isn = -1 }
