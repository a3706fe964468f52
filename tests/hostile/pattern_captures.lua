-- expect: too many captures
-- More captures than there are.
('a'):match(('()'):rep(1000))
