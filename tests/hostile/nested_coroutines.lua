-- expect: used up its budget of 2 million steps
-- Each thread counts its instructions anew: one that lives less than an interval is still paid for.
while true do
  coroutine.wrap(function() for i = 1, 5 do end end)()
end
