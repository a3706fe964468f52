-- expect: initial and min must not be greater than max
local a = host "a" { rto = { initial = 5 * s, max = 2 * s } }
