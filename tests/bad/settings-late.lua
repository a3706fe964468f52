-- expect: settings: set: 'loss' has its value already; settings stand in front of its param()
local loss = param("loss", 0)
settings { set = { "loss=0.1" } }
