-- expect: no rule 'three-way-handshak'; did you mean 'three-way-handshake'?
local a = host "a" { without = "three-way-handshak" }
