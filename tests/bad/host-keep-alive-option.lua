-- expect: no option 'every'
local a = host "a" { keep_alive = { every = 5 * s } }
