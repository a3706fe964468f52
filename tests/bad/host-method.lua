-- expect: no field 'run'; did you mean 'runs'?
local a = host "a"
a:run {}
