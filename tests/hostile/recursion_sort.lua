-- expect: stack overflow
-- Through sort.
local function f() table.sort({ 1, 2 }, f) return false end
f()
