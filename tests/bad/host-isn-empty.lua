-- expect: isn is an empty list
local a = host "a" { isn = {} }
