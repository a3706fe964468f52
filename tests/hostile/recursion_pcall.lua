-- expect: stack overflow
-- Through C.
local function f() assert(pcall(f)) end
f()
