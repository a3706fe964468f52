-- expect: pattern too complex
-- More nesting than the C stack should bear.
('a'):rep(1000):match(('a?'):rep(1000))
