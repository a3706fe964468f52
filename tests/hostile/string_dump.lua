-- expect: 'dump'
-- Bytecode of a function.
string.dump(function() end)
