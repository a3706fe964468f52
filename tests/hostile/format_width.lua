-- expect: invalid conversion
-- A width of 99999.
string.format('%99999d', 1)
