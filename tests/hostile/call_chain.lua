-- expect: __call must be a function
-- A chain of callable tables, which one call would walk through.
local t = function() end
for _ = 1, 3000 do t = setmetatable({}, { __call = t }) end
while true do t() end
