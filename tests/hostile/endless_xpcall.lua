-- expect: used up its budget of 2 million steps
-- The handler is the one that never ends.
xpcall(error, function() while true do end end, 'x')
