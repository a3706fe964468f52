-- expect: no way 'on'; it is "off", "accept" or "ask"
local a = host "a" { ecn = "on" }
