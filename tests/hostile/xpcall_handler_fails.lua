-- expect: used up its budget of 2 million steps
-- A handler whose error calls the handler, and so on.
local function handler(e)
  return xpcall(error, handler, e)
end
while true do xpcall(error, handler, 'x') end
