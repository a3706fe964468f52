-- expect: no option 'recieve_buffer'; did you mean 'receive_buffer'?
local h = host "a" { recieve_buffer = 100 }
