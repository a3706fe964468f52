-- expect: scenario: needs is an empty list
scenario { title = "t", needs = {} }
