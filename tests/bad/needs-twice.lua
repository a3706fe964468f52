-- expect: 'time-wait' is named twice
scenario { title = "t", needs = { "time-wait", "time-wait" } }
