-- expect: settings: profile stands in front of the hosts
local a = host "a"
settings { profile = "linux" }
