-- expect: no profile 'linus'; did you mean 'linux'?
local a = host "a" { profile = "linus" }
