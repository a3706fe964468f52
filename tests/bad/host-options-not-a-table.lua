-- expect: takes a table of options, not 5
local a = host "a" (5)
