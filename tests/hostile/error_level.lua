-- expect: used up its budget of 2 million steps
-- Looking for the place of an error far down a deep stack.
local function deep(k)
  if k > 0 then local r = deep(k - 1) return r end
  while true do pcall(error, 'x', 2000000000) end
end
deep(60000)
