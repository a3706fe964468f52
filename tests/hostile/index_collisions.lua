-- expect: used up its budget of 2 million steps
-- A chain of tables, in each of which the key collides with all others.
local t = {}
for _ = 1, 700 do
  local u = {}
  for j = 1, 40 do u[63 * j * 1000] = true end
  t = setmetatable(u, { __index = t })
end
local x
while true do x = t[6300000000] x = t[6300000000] x = t[6300000000] x = t[6300000000] end
