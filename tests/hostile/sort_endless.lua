-- expect: used up its budget of 2 million steps
-- An order function that never ends.
table.sort({ 3, 2, 1 }, function() while true do end end)
