-- expect: wireshark: guesses is 4; a list of 1 to 64 is wanted
scenario { title = "t", wireshark = { completeness = "Incomplete, SYN_SENT (1)", guesses = 4 } }
