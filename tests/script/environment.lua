-- What the environment is like from inside.
local a = host "a"
assert(_ENV.host == host and _G.host == host and rawget(_ENV, "host") == nil)
assert(getmetatable(a) == false and tostring(a) == "host" and tostring(a.iss) == "operand")
assert(not pcall(function () undeclared = 1 end) and not pcall(function () return undeclared end))
assert(not pcall(function () a.x = 1 end) and not pcall(function () return #a end) and not pcall(function () return a .. "" end))
assert(fill(10) == "0000000 00" and #fill(1 * MiB) == 1048576)
assert(ns == 1 and us == 1000 and ms == 1000 * us and s == 1000 * ms and min == 60 * s)
assert(kbit == 1000 and mbit == 1000 * kbit and gbit == 1000 * mbit and KiB == 1024 and MiB == 1024 * KiB)
local order = {}
for key in pairs { [a] = 1, b = 2, [3] = 3 } do order[#order + 1] = tostring(key) end
assert(table.concat(order, " ") == "3 b host")
a:runs { sleep(1) }
