-- expect: used up its budget of 2 million steps
-- Each rehash of a small hash part counts the large array part.
local t = {}
for i = 1, 270000 do t[i] = i end
t[-3] = 1
local i = -6
while true do
  t[i] = 1
  t[i] = nil
  i = i - 3
end
