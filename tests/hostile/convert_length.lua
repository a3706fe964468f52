-- expect: used up its budget of 2 million steps
-- The same by a length that is text.
local s = ('0'):rep(1048573) .. '.25'
local t = setmetatable({}, { __len = function() return s end })
while true do
  for i = #t, 1 do break end
end
