-- expect: scenario: needs is 3; it must be a rule's name, or a list of names
scenario { title = "t", needs = 3 }
