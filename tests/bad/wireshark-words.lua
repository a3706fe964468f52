-- expect: in Wireshark's words it must be "Incomplete (35)"
scenario { title = "t", wireshark = { completeness = { "Complete, WITH_DATA (31)", "Complete, WITH_DATA (35)" } } }
