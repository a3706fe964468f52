-- expect: 'io'
-- No files.
io.open('x', 'w')
