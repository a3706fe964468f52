-- expect: can't be changed
local a = host "a"
a.isn = 5
