-- expect: timestamps: there is no val; write timestamps = { val = 5, ecr = 0 }
local a = host "a"
local b = host "b"
link(a, b)
a:runs { inject { from = b, to = a, flags = "ACK", seq = 1, ack = 1, timestamps = { ecr = 5 } } }
