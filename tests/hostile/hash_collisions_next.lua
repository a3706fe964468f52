-- expect: used up its budget of 2 million steps
-- The same in a loop of C.
local t, m = {}, (1 << 12) - 1
for i = 1, 1 << 12 do t[i * m] = i end
while true do
  for _ in pairs(t) do end
end
