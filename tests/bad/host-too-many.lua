-- expect: a world has at most 64 hosts
for i = 1, 65 do host("h" .. i) end
