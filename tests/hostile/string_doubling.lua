-- expect: a string may have at most 1 MiB
-- Twice as long each time.
local s = 'x'
while true do s = s .. s end
