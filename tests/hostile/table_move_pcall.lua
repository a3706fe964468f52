-- expect: used up its budget of 2 million steps
-- The same, caught.
while true do pcall(table.move, {}, 1, 1 << 62, 2) end
