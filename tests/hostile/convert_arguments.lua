-- expect: used up its budget of 2 million steps
-- The same by functions.
local s = ('0'):rep(1048573) .. '.25'
while true do math.floor(s) end
