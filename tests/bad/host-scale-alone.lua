-- expect: scale goes with options = { "window-scale" }
local a = host "a" { scale = 2 }
