-- expect: is true; it must be in Wireshark's words
scenario { title = "t", wireshark = { completeness = true } }
