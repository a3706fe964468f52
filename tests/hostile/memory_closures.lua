-- expect: the script used up its
-- A chain of closures.
local f = print
while true do
  local before = f
  f = function() return before end
end
