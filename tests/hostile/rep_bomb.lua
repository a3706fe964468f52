-- expect: a string may have at most 1 MiB
-- A terabyte.
('x'):rep(1 << 40)
