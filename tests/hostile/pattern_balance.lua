-- expect: used up its budget of 2 million steps
-- Looks for the end from every start.
('('):rep(1000000):find('%b()')
