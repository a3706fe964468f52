-- expect: no field 'rcv_nx'; did you mean 'rcv_nxt'?
local a = host "a"
local x = a.rcv_nx
