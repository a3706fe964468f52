-- expect: unexpected symbol
-- Not Lua at all.
#!/bin/sh
echo hello
