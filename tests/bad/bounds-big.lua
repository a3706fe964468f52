-- expect: fire is 201; it must be a whole number from 0 to 200
scenario { title = "t", bounds = { fire = 201 } }
