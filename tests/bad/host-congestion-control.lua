-- expect: congestion_control is "reno"; it must be true or false
local a = host "a" { congestion_control = "reno" }
