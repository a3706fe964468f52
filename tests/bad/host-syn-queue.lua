-- expect: no SYN queue 'cookie'; did you mean 'cookies'?
local a = host "a" { syn_queue = "cookie" }
