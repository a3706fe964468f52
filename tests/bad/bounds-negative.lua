-- expect: drop is -1; it must be a whole number from 0 to 200
scenario { title = "t", bounds = { drop = -1 } }
