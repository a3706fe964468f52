-- expect: used up its budget of 2 million steps
-- Many results, handed from call to call.
local function f(k)
  if k == 0 then return table.unpack({}, 1, 300000) end
  return 1, f(k - 1)
end
while true do f(50000) end
