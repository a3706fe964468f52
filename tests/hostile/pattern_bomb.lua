-- expect: used up its budget of 2 million steps
-- Backtracking without an end.
('a'):rep(30000):find(('a*'):rep(30) .. 'b')
