-- expect: used up its budget of 2 million steps
-- The same, caught.
while true do pcall(string.find, ('a'):rep(1000), ('a-'):rep(9) .. 'b') end
