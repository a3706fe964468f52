-- expect: no TCP option 'timestamp'; did you mean 'timestamps'?
local a = host "a" { options = { "sack", "timestamp" } }
