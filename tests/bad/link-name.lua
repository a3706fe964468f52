-- expect: link: the first end is "a"; it must be a host
local a = host "a"
link("a", "b")
