-- expect: did you mean 'drop'?
scenario { title = "t", bounds = { drops = 1 } }
