-- expect: used up its budget of 2 million steps
-- Each step is short.
local s = utf8.char(8364):rep(100000)
while true do utf8.len(s) end
