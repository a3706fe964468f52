-- expect: a string may have at most 1 MiB
-- Each character becomes a thousand.
('x'):rep(10000):gsub('x', ('y'):rep(1000))
