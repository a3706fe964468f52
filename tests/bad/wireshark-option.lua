-- expect: did you mean 'completeness'?
scenario { title = "t", wireshark = { completness = "Incomplete, SYN_SENT (1)" } }
