-- expect: used up its budget of 2 million steps
-- The same with the shortest match.
('a'):rep(30000):find(('.-'):rep(30) .. 'b')
