-- expect: used up its budget of 2 million steps
-- Its resume must not catch the error.
while true do
  local co = coroutine.create(function() while true do end end)
  coroutine.resume(co)
end
