-- expect: options is 8; it must be a string
local a = host "a" { options = { 8 } }
