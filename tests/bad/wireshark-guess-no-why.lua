-- expect: a guess is { packet = 9, why =
scenario { title = "t", wireshark = { completeness = "Incomplete, SYN_SENT (1)", guesses = { { packet = 4 } } } }
