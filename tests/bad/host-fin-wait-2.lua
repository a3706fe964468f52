-- expect: no time of TCP is longer than a day
local a = host "a" { fin_wait_2 = 30 * 24 * 60 * min }
