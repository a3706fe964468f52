-- expect: used up its budget of 2 million steps
-- One instruction orders two megabytes.
local a, b = ('x'):rep(1048576), ('x'):rep(1048575) .. 'x'
while a <= b do end
