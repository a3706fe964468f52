-- expect: 60000 comes after 50000; write the lower port first
local a = host "a" { ports = { 60000, 50000 } }
