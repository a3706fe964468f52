-- expect: has its options already
local a = host "a" { isn = 1 }
a { isn = 2 }
