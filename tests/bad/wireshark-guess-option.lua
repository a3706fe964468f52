-- expect: did you mean 'packet'?
scenario { title = "t", wireshark = { completeness = "Incomplete, SYN_SENT (1)", guesses = { { packets = 4, why = "time" } } } }
