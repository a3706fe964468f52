-- expect: a link needs two different hosts
local a = host "a"
link(a, a)
