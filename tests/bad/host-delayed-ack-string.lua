-- expect: delayed_ack is "fast"
local a = host "a" { delayed_ack = "fast" }
