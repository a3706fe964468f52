-- expect: no way 'on'; it is one of "off", "accept", "ask"
local a = host "a" { ecn = "on" }
