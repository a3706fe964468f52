-- expect: 2: the script used up its budget
while true do end
