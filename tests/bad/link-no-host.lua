-- expect: link: the second end is nothing (nil); it must be a host
local a = host "a"
link(a)
