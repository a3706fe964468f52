-- expect: used up its budget of 2 million steps
-- pcall inside of a coroutine inside of pcall.
while true do
  pcall(coroutine.wrap(function()
    while true do pcall(function() while true do end end) end
  end))
end
