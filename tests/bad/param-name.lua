-- expect: is not a name for a command line
local a = param("the loss", 0)
