-- expect: guesses: packet is 0; it must be a whole number from 1
scenario { title = "t", wireshark = { completeness = "Incomplete, SYN_SENT (1)", guesses = { { packet = 0, why = "time" } } } }
