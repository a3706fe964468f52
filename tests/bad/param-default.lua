-- expect: the default is nothing (nil)
local a = param("loss")
