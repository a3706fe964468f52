-- expect: is "Complete, WITH_DATA (64)"; it must be in Wireshark's words
scenario { title = "t", wireshark = { completeness = "Complete, WITH_DATA (64)" } }
