-- expect: a string may have at most 1 MiB
-- A megabyte, twice.
local s = ('x'):rep(1000000)
string.format('%s%s', s, s)
