-- expect: guesses: packet: 4 is named twice
scenario { title = "t", wireshark = { completeness = "Incomplete, SYN_SENT (1)", guesses = { { packet = { 3, 4 }, why = "time" }, { packet = 4, why = "luck" } } } }
