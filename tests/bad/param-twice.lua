-- expect: param 'loss' is declared twice
local a = param("loss", 0)
local b = param("loss", 0)
