-- expect: plain_syn is -1; it must be a whole number from 0 to 255
local a = host "a" { plain_syn = -1 }
