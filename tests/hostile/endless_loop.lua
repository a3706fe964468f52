-- expect: used up its budget of 2 million steps
-- The simplest.
while true do end
