-- expect: used up its budget of 2 million steps
-- Two calls at each level: 2 to the 100th calls.
local function f(n)
  if n == 0 then return end
  pcall(f, n - 1)
  pcall(f, n - 1)
end
f(100)
