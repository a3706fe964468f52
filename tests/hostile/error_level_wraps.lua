-- expect: used up its budget of 2 million steps
-- A level that is 1 only in 32 bits.
while true do
  local _, text = pcall(function() error('x', 4294967297) end)
  assert(text == 'x')
end
