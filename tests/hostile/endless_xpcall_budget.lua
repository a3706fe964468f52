-- expect: used up its budget of 2 million steps
-- A handler that goes on when the budget is spent.
while true do
  xpcall(function() while true do end end, function() while true do end end)
end
