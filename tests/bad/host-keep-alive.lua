-- expect: keep_alive is 60; it must be true, false or { idle =, interval =, probes = }
local a = host "a" { keep_alive = 60 }
