-- expect: a string may have at most 1 MiB
-- Lengths that overflow when multiplied.
('xxxxxxxx'):rep(math.maxinteger, 'yyyyyyyy')
