-- expect: the script used up its
-- Running out of memory is not to be caught.
local t = {}
while true do
  pcall(function() while true do t[#t + 1] = { {}, {}, {}, {} } end end)
end
