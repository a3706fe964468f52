-- expect: settings: los=0.1: there is no parameter 'los'; did you mean 'loss'?
settings { set = { "los=0.1" } }
local loss = param("loss", 0)
host "client"
