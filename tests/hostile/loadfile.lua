-- expect: 'loadfile'
-- No files.
loadfile('x')
