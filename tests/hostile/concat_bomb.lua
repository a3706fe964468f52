-- expect: a string may have at most 1 MiB
-- Ten megabytes from ten strings.
local s = ('x'):rep(1000000)
table.concat({ s, s, s, s, s, s, s, s, s, s })
