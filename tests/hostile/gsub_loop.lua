-- expect: used up its budget of 2 million steps
-- A replacement that never ends.
('x'):gsub('x', function() while true do end end)
