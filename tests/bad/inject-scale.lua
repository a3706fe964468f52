-- expect: scale is 256; it must be a whole number from 0 to 255
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "SYN", seq = 1, scale = 256 } }
