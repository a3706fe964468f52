-- expect: no measure 'bytes'
scenario { title = "t", needs = "time-wait", measure = "bytes" }
