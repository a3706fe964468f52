-- expect: used up its budget of 2 million steps
-- Lua measures the whole stack at each error that is caught.
local function deep(k)
  if k > 0 then local r = deep(k - 1) return r end
  while true do pcall(error) end
end
deep(100000)
