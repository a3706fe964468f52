-- expect: options is "sack"; a list such as { "sack", "timestamps" } is wanted
local a = host "a" { options = "sack" }
