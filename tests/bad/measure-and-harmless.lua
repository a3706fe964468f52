-- expect: measure and harmless contradict each other
scenario { title = "t", needs = "time-wait", measure = "time", harmless = "so" }
