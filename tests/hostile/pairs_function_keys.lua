-- expect: no order for a key that is a function
-- Their order would be that of addresses.
for k in pairs { [print] = 1, [error] = 2 } do print(k) end
