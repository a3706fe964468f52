-- expect: has a value without a name among its options
local a = host "a" { 100 }
