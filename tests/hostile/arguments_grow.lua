-- expect: used up its budget of 2 million steps
-- Arguments that become more with each call.
local function f(...)
  while select('#', ...) > 200000 do local _ = select('#', ...) end
  return f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, ...)
end
f()
