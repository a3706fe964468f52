-- expect: used up its budget of 2 million steps
-- One instruction compares a megabyte.
local a, b = ('x'):rep(1048576), ('x'):rep(1048575) .. 'x'
while true do local _ = a == b end
