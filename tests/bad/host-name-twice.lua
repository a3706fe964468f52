-- expect: there is a host 'a' already
local a = host "a"
local b = host "a"
