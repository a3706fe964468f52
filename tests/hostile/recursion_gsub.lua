-- expect: stack overflow
-- Through gsub.
local function f(s) return (s:gsub('.', f)) end
f('x')
