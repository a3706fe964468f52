-- expect: the script used up its
-- Coroutines that are never finished.
local all = {}
while true do
  local co = coroutine.create(coroutine.yield)
  coroutine.resume(co)
  all[#all + 1] = co
end
