-- expect: '%q' of a float is not available
-- The same, quoted.
print(string.format('%q', 0.1))
