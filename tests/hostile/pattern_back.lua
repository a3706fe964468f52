-- expect: used up its budget of 2 million steps
-- Compares half of it at every start.
('a'):rep(100000):find('(a+)b%1')
