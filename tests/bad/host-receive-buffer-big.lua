-- expect: receive_buffer is 2147483648; it must be a whole number from 1 to 1073741824
local a = host "a" { options = { "window-scale" }, receive_buffer = 1 << 31 }
