-- expect: '%a' is not available
-- C libraries differ in hexadecimal floats.
print(string.format('%a', 0.1))
