-- expect: '10.0.0.256' is no address
local a = host "a" { address = "10.0.0.256" }
