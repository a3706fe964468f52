-- expect: initial_window is 0; it must be a whole number from 1 to 65535
local a = host "a" { initial_window = 0 }
