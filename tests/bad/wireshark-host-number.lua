-- expect: completeness: 2 is no host's name
scenario { title = "t", wireshark = { completeness = { [2] = "Incomplete, SYN_SENT (1)" } } }
