-- expect: is a list and names hosts, too
scenario { title = "t", wireshark = { completeness = { "Incomplete, SYN_SENT (1)", client = "Incomplete (0)" } } }
