-- expect: drop_syn_fin is "yes"; it must be true or false
local a = host "a" { drop_syn_fin = "yes" }
