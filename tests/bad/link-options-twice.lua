-- expect: the link has its options already
local a, b = host "a", host "b"
local l = link(a, b)
l { delay = 1 }
l { delay = 2 }
