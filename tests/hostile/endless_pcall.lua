-- expect: used up its budget of 2 million steps
-- The error of the budget is not to be caught.
while true do
  pcall(function() while true do end end)
end
