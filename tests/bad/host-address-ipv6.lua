-- expect: 'fd00::1::2' is no address
local a = host "a" { address = "fd00::1::2" }
