-- expect: too many results to unpack
-- A million results at once.
table.unpack({}, 1, 1000000)
