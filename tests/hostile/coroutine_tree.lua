-- expect: used up its budget of 2 million steps
-- Coroutines that make coroutines.
local function grow()
  while true do
    coroutine.resume(coroutine.create(grow))
  end
end
grow()
