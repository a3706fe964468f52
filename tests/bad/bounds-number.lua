-- expect: scenario: bounds
scenario { title = "t", bounds = 3 }
