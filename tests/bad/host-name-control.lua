-- expect: control character
local h = host "a\tb"
