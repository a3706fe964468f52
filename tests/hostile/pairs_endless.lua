-- expect: used up its budget of 2 million steps
-- Grows while it is walked, and is walked anew.
local t = { 1 }
while true do
  for k in pairs(t) do t[k + #t] = k end
end
