-- expect: idle and interval are longer than 0
local a = host "a" { keep_alive = { idle = 0 } }
