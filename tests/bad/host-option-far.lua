-- expect: it takes profile, isn, address, ports
local h = host "a" { colour_of_the_case = "red" }
