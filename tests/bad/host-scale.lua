-- expect: scale is 15; it must be a whole number from 0 to 14
local a = host "a" { options = { "window-scale" }, scale = 15 }
