-- expect: no order for a key that is a table
-- Their order would be that of addresses.
for k in pairs { [{}] = 1, [{}] = 2 } do print(k) end
