-- expect: used up its budget of 2 million steps
-- The same from an iterator.
for _ in ('a'):rep(100000):gmatch('a-b') do end
