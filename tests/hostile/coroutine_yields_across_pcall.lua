-- expect: used up its budget of 2 million steps
-- A yield in a pcall comes back by another way.
local co = coroutine.wrap(function()
  while true do pcall(coroutine.yield) end
end)
while true do co() end
