-- expect: used up its budget of 2 million steps
-- pairs() passes over 300,000 empty elements.
local t = { table.unpack({}, 1, 300000) }
while true do pairs(t) end
