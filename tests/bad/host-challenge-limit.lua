-- expect: challenge_limit is 0; it must be a whole number from 1 to 255
local a = host "a" { challenge_limit = 0 }
