-- expect: 'dofile'
-- No files.
dofile('x')
