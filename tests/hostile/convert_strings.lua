-- expect: used up its budget of 2 million steps
-- One instruction converts three megabytes of digits.
local s = ('0'):rep(1048573) .. '.25'
while true do
  for i = s, s, s do break end
end
