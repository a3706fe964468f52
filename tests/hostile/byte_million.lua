-- expect: string slice too long
-- A million results at once.
string.byte(('x'):rep(1048576), 1, -1)
