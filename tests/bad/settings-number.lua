-- expect: loss=much: 'loss' is a number; write loss=0.5
settings { set = { "loss=much" } }
local loss = param("loss", 0)
