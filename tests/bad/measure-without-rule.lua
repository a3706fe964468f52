-- expect: measure speaks of a rule, and there is none
scenario { title = "t", measure = "time" }
